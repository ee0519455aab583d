package io.holdfast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.Backoff;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.rx.Requests;
import io.holdfast.rx.RxConnection;
import io.holdfast.testkit.Arrival;
import io.holdfast.testkit.FaultPlan;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.SessionListener;
import io.holdfast.testkit.TestServer;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's recipes compile as they stand there, and do what it says. */
@Timeout(60)
class RecipesTest {
  /** A method of each recipe, by which its block is found. */
  static final List<String> RECIPES =
      List.of(
          "showState",
          "showLatest",
          "sendPosition",
          "sendWithKey",
          "openWithJournal",
          "openReliably",
          "openWithLogin",
          "openWithTokens",
          "openAnyOf",
          "ask",
          "subscribeOnOpen",
          "ordersSurviveAPathThatBreaks",
          "aRoughMinute");

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String IMPORTS =
      """
      import io.holdfast.*;
      import io.holdfast.protocol.*;
      import io.holdfast.queue.*;
      import io.holdfast.rx.*;
      import io.holdfast.testkit.*;
      import io.holdfast.transport.Handshake;
      import io.reactivex.rxjava3.core.*;
      import io.reactivex.rxjava3.disposables.Disposable;
      import java.io.IOException;
      import java.net.URI;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.List;
      import java.util.UUID;
      import java.util.concurrent.CompletionStage;
      import java.util.concurrent.Executor;
      import java.util.concurrent.TimeUnit;
      import java.util.function.Consumer;
      import java.util.function.Function;
      import java.util.function.Supplier;

      class Recipe {
      """;

  @TempDir Path folder;

  private final Ledger ledger = new Ledger(text -> -1, 1_000);
  private TestServer server;
  private RxConnection connection;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.builder().ledger(ledger).start();
    Duration soon = Duration.ofMillis(20);
    connection =
        RxConnection.of(
            ManagedConnection.builder(server.url())
                .backoff(new Backoff(soon, soon, soon))
                .maxQueuedMessages(2)
                .build());
  }

  @AfterEach
  void stop() throws Exception {
    connection.close().blockingAwait();
    server.close();
  }

  @Test
  void theStateIsShownOnTheThreadOfTheUi() throws Exception {
    BlockingQueue<String> label = new LinkedBlockingQueue<>();
    TestScheduler ui = new TestScheduler();
    Disposable shown = run("showState", connection, ui, (Consumer<String>) label::add);
    open();
    assertThat(label).isEmpty();

    ui.triggerActions();

    assertThat(label).containsExactly("connecting", "connecting", "connecting", "connected");
    connection.close().blockingAwait();
    ui.triggerActions();
    assertThat(label).endsWith("closed");
    shown.dispose();
  }

  @Test
  void aSlowViewSeesTheLatestValue() throws Exception {
    BlockingQueue<Message> view = new LinkedBlockingQueue<>();
    BlockingQueue<Message> all = new LinkedBlockingQueue<>();
    TestScheduler ui = new TestScheduler();
    Disposable shown = run("showLatest", connection, ui, (Consumer<Message>) view::add);
    Disposable other = connection.messages().subscribe(all::add);
    open();

    for (int i = 1; i <= 100; i++) server.push("value " + i);
    for (int i = 1; i <= 100; i++) assertThat(all.poll(10, TimeUnit.SECONDS)).isNotNull();
    ui.triggerActions();

    // One waits at the view's door, the latest behind it.
    assertThat(view).containsExactly(Message.text("value 1"), Message.text("value 100"));
    shown.dispose();
    other.dispose();
  }

  @Test
  void aRejectedMessageGoesOutOnceThereIsRoom() throws Exception {
    connection.send("first").subscribe();
    connection.send("second").subscribe();
    UUID key = UUID.randomUUID();
    Single<Fate> sent = run("sendWithKey", connection, key, "third");
    BlockingQueue<Fate> fates = new LinkedBlockingQueue<>();
    Disposable waiting = sent.subscribe(fates::add);
    assertThat(fates).isEmpty();

    open();

    assertThat(fates.poll(10, TimeUnit.SECONDS)).isEqualTo(new Fate.Confirmed());
    assertThat(ledger.kept())
        .extracting(Arrival::text)
        .containsExactly("first", "second", key + " third");
    waiting.dispose();
    connection.close().blockingAwait();
    Single<Fate> late = run("sendWithKey", connection, key, "late");
    assertThat(late.blockingGet().delivered()).isFalse();
  }

  @Test
  void onlyTheNewestPositionIsSent() throws Exception {
    server.echo();
    for (int i = 1; i <= 3; i++) run("sendPosition", connection.connection(), "volume", i);
    Delivery last = run("sendPosition", connection.connection(), "volume", 4);

    open();

    assertThat(last.toFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Fate.Confirmed());
    assertThat(ledger.kept()).extracting(Arrival::text).containsExactly("volume 4");
  }

  @Test
  void whatWasLeftInTheJournalGoesOutFirst() throws Exception {
    server.echo();
    ExecutorService disk = Executors.newSingleThreadExecutor();
    Path directory = folder.resolve("journal");
    URI nowhere = URI.create("ws://127.0.0.1:1/");
    Consumer<Delivery> nothing = delivery -> {};
    ManagedConnection offline = run("openWithJournal", nowhere, directory, disk, nothing);
    CountDownLatch accepted = new CountDownLatch(1);
    offline.send("before").whenAccepted(accepted::countDown);
    assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
    RxConnection.of(offline).close().blockingAwait();
    BlockingQueue<Delivery> left = new LinkedBlockingQueue<>();

    ManagedConnection online =
        run("openWithJournal", server.url(), directory, disk, (Consumer<Delivery>) left::add);
    Delivery after = online.send("after");

    assertThat(after.toFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Fate.Confirmed());
    assertThat(left).extracting(Delivery::message).containsExactly(Message.text("before"));
    assertThat(ledger.kept()).extracting(Arrival::text).containsExactly("before", "after");
    RxConnection.of(online).close().blockingAwait();
    disk.shutdown();
  }

  @Test
  void aReliableMessageIsAcknowledgedThroughALostTransport() throws Exception {
    server.reliable();
    ExecutorService disk = Executors.newSingleThreadExecutor();
    ManagedConnection reliable =
        run("openReliably", server.url(), folder.resolve("reliable"), disk);
    reliable.open();
    Delivery first = run("sendReliably", reliable, "a");
    first.toFuture().get(10, TimeUnit.SECONDS);
    server.restart();

    Delivery second = run("sendReliably", reliable, "b");

    assertThat(second.toFuture().get(20, TimeUnit.SECONDS)).isEqualTo(new Fate.Acknowledged(null));
    assertThat(ledger.kept()).extracting(Arrival::text).containsExactly("a", "b");
    RxConnection.of(reliable).close().blockingAwait();
    disk.shutdown();
  }

  @Test
  void aProtocolLogsInAndReadsAcknowledgements() throws Exception {
    Ledger heard = new Ledger(text -> -1, 1_000);
    TestServer[] asked = new TestServer[1];
    SessionListener answers =
        new SessionListener() {
          @Override
          public void onText(int session, String text) {
            String[] words = text.split(" ", 2);
            if (words[0].equals("login")) asked[0].push("welcome");
            else if (words[1].equals("bad")) asked[0].push("no " + words[0] + " it is bad");
            else asked[0].push("ok " + words[0]);
          }
        };
    try (TestServer server = TestServer.builder().ledger(heard).listener(answers).start()) {
      asked[0] = server;
      Supplier<String> token = () -> "secret";
      ManagedConnection loggedIn = run("openWithLogin", server.url(), token);
      SendOptions acknowledged = SendOptions.DEFAULT.withAssurance(Assurance.ACKNOWLEDGED);
      loggedIn.open();
      Delivery good = loggedIn.send(Message.text("good"), acknowledged);
      Delivery bad = loggedIn.send(Message.text("bad"), acknowledged);

      assertThat(good.toFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Fate.Acknowledged(null));
      assertThat(bad.toFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Fate.Refused("it is bad"));
      assertThat(heard.kept())
          .extracting(Arrival::text)
          .containsExactly("login secret", "1 good", "2 bad");
      RxConnection.of(loggedIn).close().blockingAwait();
    }
  }

  @Test
  void aTokenIsRefreshedOnceItIsRefusedOrExpires() throws Exception {
    List<Boolean> asked = new CopyOnWriteArrayList<>();
    Function<Boolean, CompletionStage<String>> tokens =
        refresh -> {
          asked.add(refresh);
          return CompletableFuture.completedFuture("token" + asked.size());
        };
    server.rejectNext(1, 401);
    ManagedConnection fresh = run("openWithTokens", server.url(), tokens);
    fresh.open();
    assertThat(server.await(now -> now.liveSessions() == 1, PATIENCE)).isTrue();

    server.closeAll(4001, "expired");

    assertThat(server.await(now -> now.sessions() == 2, PATIENCE)).isTrue();
    assertThat(asked).containsExactly(false, true, true);
    assertThat(server.upgradeRequests())
        .extracting(request -> request.headers().get("Authorization"))
        .containsExactly("Bearer token1", "Bearer token2", "Bearer token3");
    RxConnection.of(fresh).close().blockingAwait();
  }

  @Test
  void ofSeveralServersOneThatIsThereIsFound() throws Exception {
    URI nowhere = URI.create("ws://127.0.0.1:1/");
    for (List<URI> servers : List.of(List.of(nowhere, server.url()), List.of(server.url()))) {
      ManagedConnection any = run("openAnyOf", servers);
      Delivery hello = any.send("hello");
      any.open();

      assertThat(hello.toFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Fate.Confirmed());
      assertThat(any.url()).isEqualTo(server.url());
      RxConnection.of(any).close().blockingAwait();
    }
  }

  @Test
  void aQuestionIsAnsweredByItsKey() throws Exception {
    server.echo();
    Requests<String> questions = run("questions", connection);
    open();

    Single<Message> answer = run("ask", questions, "how much?");

    assertThat(((Message.Text) answer.blockingGet()).text()).endsWith(" how much?");
  }

  @Test
  void everyTransportIsSubscribedTo() throws Exception {
    Disposable subscribing = run("subscribeOnOpen", connection, "prices");
    open();
    assertThat(ledger.await(now -> now.arrivals() == 1, PATIENCE)).isTrue();

    server.restart();

    assertThat(ledger.await(now -> now.arrivals() == 2, PATIENCE)).isTrue();
    assertThat(ledger.kept())
        .extracting(Arrival::text)
        .containsExactly("subscribe prices", "subscribe prices");
    subscribing.dispose();
  }

  @Test
  void theFaultKitsExampleHolds() throws Exception {
    run("ordersSurviveAPathThatBreaks");
  }

  @Test
  void theFaultKitsPlanIsAPlan() throws Exception {
    FaultPlan plan = run("aRoughMinute", 7L);

    assertThat(plan.steps()).isNotEmpty();
    assertThat(plan.length()).isLessThanOrEqualTo(Duration.ofMinutes(1));
  }

  private void open() throws InterruptedException {
    connection.open().blockingAwait();
    assertThat(server.await(now -> now.liveSessions() == 1, PATIENCE)).isTrue();
    assertThat(connection.state()).isInstanceOf(ConnectionState.Open.class);
  }

  /** Calls a method of the block that has it. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Its caller knows the README.
  private <T> T run(String method, Object... arguments) throws Exception {
    String block = ReadmeCode.blockWith(" " + method + "(");
    Class<?> recipe = ReadmeCode.compile("Recipe", IMPORTS + block + "}", folder);
    for (Method each : recipe.getDeclaredMethods()) {
      if (!each.getName().equals(method)) continue;
      each.setAccessible(true);
      return (T) each.invoke(null, arguments);
    }
    throw new AssertionError("no method " + method + " in " + block);
  }
}
