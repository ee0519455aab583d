package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.holdfast.AsyncRequestSupplier;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.RequestFailed;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.RequestTimedOut;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.ManagedConnection;
import io.holdfast.RequestContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that come when they come, if at all, and the contexts that they are asked for with. */
class AsyncRequestSupplierTest {
  private static final ConnectRequest REQUEST =
      ConnectRequest.builder(URI.create("ws://host/")).build();

  private final List<RequestContext> contexts = new ArrayList<>();
  private final List<CompletableFuture<ConnectRequest>> futures = new ArrayList<>();
  private final ConnectionException refused = new Refused("refused", null);
  private VirtualConnection world =
      supplied(
          context -> {
            contexts.add(context);
            CompletableFuture<ConnectRequest> future = new CompletableFuture<>();
            futures.add(future);
            return future;
          });

  private static VirtualConnection supplied(AsyncRequestSupplier requests) {
    return new VirtualConnection(builder -> builder.asyncRequests(requests));
  }

  private void open() {
    world.connection.open();
    world.clock.run();
  }

  private CompletableFuture<ConnectRequest> newest() {
    return futures.get(futures.size() - 1);
  }

  private void complete() {
    newest().complete(REQUEST);
    world.clock.run();
  }

  private List<ConnectionException> failures() {
    return world.told.events(AttemptFailed.class).stream().map(AttemptFailed::cause).toList();
  }

  @AfterEach
  void leavesNothing() {
    world.close();
  }

  // ---- What comes

  @Test
  void anAttemptWaitsForItsRequestAndThenConnects() {
    open();
    world.advance(Duration.ofSeconds(9));
    assertThat(world.connection.state()).isEqualTo(new Connecting(1, Phase.REQUEST));
    assertThat(world.network.attempts()).isZero();

    complete();

    assertThat(world.transport().request()).isEqualTo(REQUEST);
    world.accept();
    assertThat(world.connection.state()).isInstanceOf(Open.class);
  }

  @Test
  void aRequestThatIsThereAtOnceIsTaken() {
    world = supplied(context -> CompletableFuture.completedFuture(REQUEST));

    open();

    assertThat(world.transport().request()).isEqualTo(REQUEST);
  }

  @Test
  void aStageThatMayOnlyBeReadIsGoodEnough() {
    CompletableFuture<ConnectRequest> hidden = new CompletableFuture<>();
    world = supplied(context -> hidden.minimalCompletionStage());
    open();
    world.connection.suspend();
    world.clock.run();
    world.connection.resume();
    world.clock.run();

    hidden.complete(REQUEST);
    world.clock.run();

    assertThat(world.network.attempts()).isEqualTo(1);
    assertThat(world.transport().request()).isEqualTo(REQUEST);
  }

  @Test
  void whoCompletesAStageIsNotKeptByTheConnection() {
    open();

    newest().complete(REQUEST);

    assertThat(world.network.attempts()).isZero();
    world.clock.run();
    assertThat(world.network.attempts()).isEqualTo(1);
  }

  @Test
  void aSecondCompletionChangesNothing() {
    open();
    complete();

    newest().obtrudeValue(ConnectRequest.builder(URI.create("ws://other/")).build());
    newest().obtrudeException(new IOException("second"));
    world.clock.run();

    assertThat(world.network.attempts()).isEqualTo(1);
    assertThat(world.transport().request()).isEqualTo(REQUEST);
    assertThat(failures()).isEmpty();
  }

  // ---- What does not come

  @Test
  void aRequestThatNeverComesFailsTheAttemptAfter10SecondsAndIsCancelled() {
    open();

    world.assertExactlyAfter(
        Duration.ofSeconds(10),
        over -> {
          assertThat(failures()).hasSize(over ? 1 : 0);
          assertThat(newest().isCancelled()).isEqualTo(over);
        });
    assertThat(failures().get(0))
        .isInstanceOfSatisfying(
            RequestTimedOut.class,
            late -> assertThat(late.deadline()).isEqualTo(Duration.ofSeconds(10)))
        .hasMessage("no request from the supplier within PT10S");
    assertThat(world.connection.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void theDeadlineIsTheAppsChoiceAndTheAttemptsHoldsToo() {
    CompletableFuture<ConnectRequest> never = new CompletableFuture<>();
    world =
        new VirtualConnection(
            builder ->
                builder.asyncRequests(context -> never).requestTimeout(Duration.ofSeconds(60)));
    open();

    world.advance(Duration.ofSeconds(15));

    assertThat(failures()).hasExactlyElementsOfTypes(AttemptTimedOut.class);
    assertThat(never).isCancelled();
  }

  @Test
  void aRequestThatComesLateIsIgnored() {
    open();
    CompletableFuture<ConnectRequest> first = newest();
    world.advance(Duration.ofSeconds(10));
    world.awaitAttempt();

    first.obtrudeValue(REQUEST);
    world.clock.run();

    assertThat(world.network.attempts()).isZero();
    complete();
    assertThat(world.network.attempts()).isEqualTo(1);
  }

  @Test
  void aStageThatFailsFailsTheAttemptWithWhatTheAppThrewAndNotWhatWrapsIt() {
    open();
    IOException thrown = new IOException("no token");

    newest().completeExceptionally(new CompletionException(new CompletionException(thrown)));
    world.clock.run();

    assertThat(failures())
        .singleElement()
        .satisfies(
            cause ->
                assertThat(cause)
                    .isInstanceOf(RequestFailed.class)
                    .hasMessage("the request supplier threw IOException")
                    .hasCause(thrown));
    world.awaitAttempt();
    complete();
    assertThat(world.network.attempts()).isEqualTo(1);
  }

  @Test
  void aDependentStageThatFailsIsUnwrappedToo() {
    IllegalStateException thrown = new IllegalStateException("no token");
    world =
        supplied(
            context ->
                CompletableFuture.completedFuture("token")
                    .thenApply(
                        token -> {
                          throw thrown;
                        }));

    open();

    assertThat(failures().get(0)).isInstanceOf(RequestFailed.class).hasCause(thrown);
  }

  @Test
  void aStageThatTheAppCancelsFailsTheAttempt() {
    open();

    newest().cancel(false);
    world.clock.run();

    assertThat(failures().get(0))
        .isInstanceOf(RequestFailed.class)
        .hasMessage("the request was cancelled");
    assertThat(world.connection.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void aSupplierThatThrowsFailsTheAttempt() {
    world =
        supplied(
            context -> {
              throw new IOException("no token");
            });

    open();

    assertThat(failures().get(0))
        .isInstanceOf(RequestFailed.class)
        .hasMessage("the request supplier threw IOException");
  }

  @Test
  void aStageThatTakesNoListenerFailsTheAttempt() {
    CompletableFuture<ConnectRequest> broken =
        new CompletableFuture<>() {
          @Override
          public CompletableFuture<ConnectRequest> whenComplete(
              java.util.function.BiConsumer<? super ConnectRequest, ? super Throwable> action) {
            throw new UnsupportedOperationException("broken");
          }
        };
    world = supplied(context -> broken);

    open();

    assertThat(failures().get(0)).isInstanceOf(RequestFailed.class);
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void noStageAtAllIsAMistakeThatNoRetryMends() {
    world = supplied(context -> null);

    open();

    assertClosedAsInvalid();
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void aStageOfNullIsAMistakeThatNoRetryMends() {
    open();

    newest().complete(null);
    world.clock.run();

    assertClosedAsInvalid();
  }

  private void assertClosedAsInvalid() {
    assertThat(world.connection.state())
        .isInstanceOfSatisfying(
            Closed.class,
            closed ->
                assertThat(closed.cause())
                    .isInstanceOf(RequestInvalid.class)
                    .hasMessage("the request supplier gave null"));
  }

  // ---- What is not wanted any more

  @Test
  void anAttemptThatIsGivenUpCancelsItsStage() {
    open();

    world.connection.close();
    world.clock.run();

    assertThat(newest()).isCancelled();
    assertThat(world.connection.state()).isInstanceOf(Closed.class);
  }

  @Test
  void aStageThatComesOnceTheAttemptIsGivenUpIsCancelled() {
    CompletableFuture<ConnectRequest> future = new CompletableFuture<>();
    List<VirtualConnection> self = new ArrayList<>();
    world =
        supplied(
            context -> {
              self.get(0).connection.suspend();
              return later(future);
            });
    self.add(world);

    open();

    assertThat(future).isCancelled();
    assertThat(world.network.attempts()).isZero();
  }

  private static CompletionStage<ConnectRequest> later(CompletableFuture<ConnectRequest> future) {
    return future;
  }

  // ---- What it is asked with

  @Test
  void theContextTellsTheAttemptAndTheLastFailure() {
    open();
    complete();
    world.failAndReconnect(refused);
    complete();
    world.accept();
    world.advance(Duration.ofSeconds(10));

    world.failAndReconnect(world.reset);

    assertThat(contexts)
        .containsExactly(
            new RequestContext(1, null, false),
            new RequestContext(2, refused, false),
            new RequestContext(1, world.reset, false));
  }

  @Test
  void refusedCredentialsAreRefreshedAtOnceAndOnce() {
    open();
    complete();
    world.fail(rejected(401));

    assertThat(world.connection.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
    assertThat(contexts.get(1).refreshCredentials()).isTrue();
    complete();
    world.accept();
    world.advance(Duration.ofSeconds(10));
    world.failAndReconnect(world.reset);

    assertThat(contexts).extracting(RequestContext::refreshCredentials).endsWith(true, false);
  }

  @Test
  void freshCredentialsThatAreRefusedEndTheConnectionWithTheServersAnswer() {
    HandshakeRejected again =
        new HandshakeRejected("403", 403, List.of(new Header("X-Reason", "gone")), "no such user");
    open();
    complete();
    world.fail(rejected(403));
    complete();

    world.fail(again);

    assertThat(world.connection.state())
        .isInstanceOfSatisfying(Closed.class, closed -> assertThat(closed.cause()).isSameAs(again));
    assertThat(contexts).hasSize(2);
  }

  @Test
  void aServerThatAsksForTimeIsNotAskedAgainAtOnceForAllFreshCredentials() {
    open();
    complete();

    world.fail(rejected(401, new Header("Retry-After", "30")));

    assertThat(world.connection.state())
        .isInstanceOfSatisfying(
            Waiting.class,
            waiting -> assertThat(waiting.delay()).isEqualTo(Duration.ofSeconds(30)));
    world.awaitAttempt();
    assertThat(contexts.get(1).refreshCredentials()).isTrue();
  }

  @Test
  void credentialsStayWantedUntilARequestHasCome() {
    open();
    complete();
    world.fail(rejected(401));
    newest().completeExceptionally(new IOException("no token just now"));
    world.clock.run();

    world.awaitAttempt();

    assertThat(contexts)
        .extracting(RequestContext::refreshCredentials)
        .containsExactly(false, true, true);
  }

  private static HandshakeRejected rejected(int status, Header... headers) {
    return new HandshakeRejected("status " + status, status, List.of(headers), "");
  }

  @Test
  void oneKindOfSupplierIsEnough() {
    ManagedConnection.Builder both =
        ManagedConnection.builder(VirtualConnection.SERVER)
            .asyncRequests(context -> CompletableFuture.completedFuture(REQUEST))
            .requests(context -> REQUEST);

    assertThatIllegalStateException()
        .isThrownBy(both::build)
        .withMessage("requests and asyncRequests must not both be set");
  }
}
