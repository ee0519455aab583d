package io.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Backoff;
import io.holdfast.Classification.Delay;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Endpoints;
import io.holdfast.ManagedConnection;
import io.holdfast.RequestContext;
import io.holdfast.testkit.TestServer;
import io.holdfast.testkit.UpgradeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a connection comes back: with fresh tokens, when the server says, to another server. */
@Timeout(60)
class RecoveryEndToEndTest {
  private static final Backoff PROMPT =
      new Backoff(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(50));
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private TestServer server;

  @SuppressWarnings("NullAway.Init") // Each test opens one.
  private ManagedConnection connection;

  @SuppressWarnings("NullAway.Init")
  private States states;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
  }

  private void open(Consumer<ManagedConnection.Builder> change) {
    ManagedConnection.Builder builder = ManagedConnection.builder(server.url()).backoff(PROMPT);
    change.accept(builder);
    connection = builder.build();
    states = States.of(connection);
    connection.open();
  }

  private void awaitSession() throws InterruptedException {
    assertThat(server.await(now -> now.liveSessions() == 1, PATIENCE)).isTrue();
  }

  @AfterEach
  void stop() throws IOException {
    connection.close();
    states.await(Closed.class, 1);
    server.close();
  }

  /** Keeps a token until it is told that it is no use. */
  private final class Tokens {
    private final AtomicInteger newest = new AtomicInteger(1);

    CompletionStage<ConnectRequest> request(RequestContext context) {
      return CompletableFuture.supplyAsync(
          () -> {
            if (context.refreshCredentials()) newest.incrementAndGet();
            return ConnectRequest.builder(server.url())
                .addHeader("Authorization", "Bearer " + newest)
                .build();
          });
    }
  }

  @Test
  void aTokenThatIsUsedUpIsRefreshedAtOnce() throws Exception {
    server.expireTokens(1);
    Tokens tokens = new Tokens();
    open(builder -> builder.asyncRequests(tokens::request));
    states.await(Open.class, 1);
    awaitSession();

    server.closeAll(1012, "restart");

    states.await(Open.class, 2);
    assertThat(server.upgradeRequests())
        .extracting(UpgradeRequest::status)
        .containsExactly(101, 401, 101);
    assertThat(states.all(RetryScheduled.class)).last().matches(retry -> retry.delay().isZero());
  }

  @Test
  void freshCredentialsThatAreRefusedEndTheConnectionWithTheServersAnswer() {
    server.reject(403, "X-Reason", "gone");
    open(builder -> builder.asyncRequests(new Tokens()::request));

    Closed closed = (Closed) states.await(Closed.class, 1).what();

    assertThat(closed.cause())
        .isInstanceOfSatisfying(
            HandshakeRejected.class,
            refused -> {
              assertThat(refused.unauthorized()).isTrue();
              assertThat(refused.headers()).contains(new ConnectRequest.Header("X-Reason", "gone"));
            });
    assertThat(server.upgradeRequests())
        .extracting(request -> request.headers().get("Authorization"))
        .containsExactly("Bearer 1", "Bearer 2");
  }

  @Test
  void aServerThatAsksForTimeGetsIt() {
    server.rejectNext(1, 503, "Retry-After", "1");
    long before = System.nanoTime();
    open(builder -> {});

    long opened = states.await(Open.class, 1).atNanos();

    assertThat(Duration.ofNanos(opened - before)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(states.all(Waiting.class).get(0).delay()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aServerThatIsOverloadedIsNotMetAtOnce() throws Exception {
    open(builder -> {});
    awaitSession();

    server.closeAll(1013, "try again later");

    states.await(Open.class, 2);
    assertThat(states.all(Waiting.class).get(0).delay())
        .isBetween(Duration.ofMillis(50), Duration.ofMillis(250));
  }

  @Test
  void aCloseOfTheAppsOwnRefreshesTheToken() throws Exception {
    Tokens tokens = new Tokens();
    open(
        builder ->
            builder
                .asyncRequests(tokens::request)
                .classifier(
                    (cause, proposed) ->
                        cause instanceof PeerClosed closed && closed.code() == 4001
                            ? proposed
                                .withDelays(Delay.NONE, proposed.later())
                                .withRefreshedCredentials()
                            : proposed));
    awaitSession();

    server.closeAll(4001, "token expired");

    states.await(Open.class, 2);
    assertThat(server.upgradeRequests())
        .extracting(request -> request.headers().get("Authorization"))
        .containsExactly("Bearer 1", "Bearer 2");
  }

  @Test
  void ofTwoServersTheOneThatIsThereServesAndIsKept() throws Exception {
    try (TestServer other = TestServer.start()) {
      server.stop();
      open(
          builder ->
              builder
                  .provenAfter(Duration.ofMillis(1))
                  .endpoints(Endpoints.ordered(List.of(server.url(), other.url()))));

      states.await(Open.class, 1);
      assertThat(connection.url()).isEqualTo(other.url());
      assertThat(states.all(AttemptFailed.class)).hasSize(1);
      assertThat(states.all(Waiting.class)).isEmpty();
      states.await(OutageEnded.class, 1);

      other.stop();
      server.startAgain();
      states.await(Open.class, 2);
      assertThat(connection.url()).isEqualTo(server.url());
    }
  }
}
