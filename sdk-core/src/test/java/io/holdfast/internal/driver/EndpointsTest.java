package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConsumerStalled;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Endpoints;
import io.holdfast.ManagedConnection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several servers, in virtual time; each delay and each rest is the longest drawn. */
class EndpointsTest {
  private static final URI A = URI.create("ws://a/");
  private static final URI B = URI.create("ws://b/");
  private static final Duration SPREAD = Duration.ofSeconds(5);

  private final ConnectionException refused = new Refused("refused", null);
  private VirtualConnection world = with(builder -> {});

  private static VirtualConnection with(Consumer<ManagedConnection.Builder> change) {
    return new VirtualConnection(
        builder -> change.accept(builder.endpoints(Endpoints.ordered(List.of(A, B)))));
  }

  private void open() {
    world.connection.open();
    world.clock.run();
  }

  private void fail(ConnectionException cause) {
    world.fail(cause);
  }

  private void assertAt(URI endpoint, int attempts) {
    assertThat(world.network.attempts()).isEqualTo(attempts);
    assertThat(world.transport().request().uri()).isEqualTo(endpoint);
    assertThat(world.connection.url()).isEqualTo(endpoint);
  }

  private Duration waited() {
    return ((Waiting) world.connection.state()).delay();
  }

  @AfterEach
  void leavesNothing() {
    world.close();
  }

  @Test
  void theRequestGoesToTheEndpointWithItsHeaders() {
    world =
        with(
            builder ->
                builder.requests(
                    context ->
                        ConnectRequest.builder(URI.create("ws://elsewhere/"))
                            .addHeader("Authorization", "Bearer x")
                            .build()));

    open();

    assertAt(A, 1);
    assertThat(world.transport().request().headers()).hasSize(1);
  }

  @Test
  void anAttemptThatFailsIsFollowedAtOnceByOneToTheOther() {
    open();

    fail(refused);

    assertAt(B, 2);
    assertThat(world.told.events(RetryScheduled.class))
        .containsExactly(new RetryScheduled(2, Duration.ZERO));
  }

  @Test
  void onceAllRestTheNormalDelayHoldsAndTheFirstToHaveRestedIsNext() {
    open();
    fail(refused);
    world.advance(Duration.ofMillis(100));

    fail(refused);

    // The second delay of an outage: the spread, and up to a second.
    assertThat(waited()).isEqualTo(Duration.ofSeconds(6));
    world.awaitAttempt();
    assertAt(A, 3);
  }

  @Test
  void afterTheLossOfAnOpenTransportTheFirstDelayHoldsAlthoughAnotherIsFree() {
    open();
    world.accept();

    fail(new PeerClosed(1012, "restart"));

    assertThat(waited()).isEqualTo(SPREAD);
  }

  @Test
  void theOneThatServedLastIsPreferredOnceItHasRested() {
    open();
    fail(refused);
    world.accept();
    world.advance(Duration.ofSeconds(10));

    fail(new PeerClosed(1012, "restart"));
    world.awaitAttempt();

    assertAt(B, 3);
  }

  @Test
  void oneThatHasNotProvedItselfIsNotPreferred() {
    open();
    fail(refused);
    world.accept();
    world.advance(Duration.ofSeconds(9));

    fail(new PeerClosed(1012, "restart"));
    world.awaitAttempt();

    assertAt(A, 3);
  }

  @Test
  void oneThatAsksForTimeRestsForItAndTheOtherDoesNotWait() {
    open();
    fail(retryAfter(60));
    assertAt(B, 2);
    world.accept();
    world.advance(Duration.ofSeconds(5));

    fail(world.reset);
    world.awaitAttempt();

    // A's minute is not over, B's second is.
    assertAt(B, 3);
  }

  @Test
  void ifAllAskedForTimeTheFirstWhoseTimeIsOverIsNextAndNothingIsCutShort() {
    open();
    fail(retryAfter(60));
    fail(retryAfter(90));
    assertThat(waited()).isEqualTo(Duration.ofSeconds(60));

    world.connection.reconnectNow();
    world.clock.run();

    assertThat(world.network.attempts()).isEqualTo(2);
    world.awaitAttempt();
    assertAt(A, 3);
  }

  @Test
  void whatTheOpenEndpointAsksForIsNotForTheOtherToWait() {
    world =
        with(
            builder ->
                builder.classifier(
                    (cause, proposed) -> proposed.withAtLeast(Duration.ofSeconds(60))));
    open();
    world.accept();

    fail(new PeerClosed(1012, "restart"));

    assertThat(waited()).isEqualTo(SPREAD);
    world.awaitAttempt();
    assertAt(B, 2);
  }

  @Test
  void whatIsOurOwnDoingIsNotHeldAgainstAnEndpoint() {
    open();
    world.accept();
    fail(new ConsumerStalled(Duration.ofMinutes(5)));
    world.awaitAttempt();
    assertAt(A, 2);
    fail(rejected(401));
    assertAt(A, 3);
    world.connection.suspend();
    world.clock.run();

    world.connection.resume();
    world.clock.run();

    assertAt(A, 4);
  }

  @Test
  void aSupplierThatFailsIsNotHeldAgainstAnEndpointNorFollowedAtOnce() {
    world =
        with(
            builder ->
                builder.requests(
                    context -> {
                      if (context.attempt() < 3) throw new IOException("no token");
                      return ConnectRequest.builder(VirtualConnection.SERVER).build();
                    }));

    open();

    assertThat(waited()).isEqualTo(Duration.ofSeconds(1));
    world.awaitAttempt();
    world.awaitAttempt();
    assertAt(A, 1);
  }

  @Test
  void aHintGoesFirstAndOnceAndAfterItsOwnDelay() {
    URI hinted = URI.create("ws://c/");
    world =
        with(
            builder ->
                builder.classifier(
                    (cause, proposed) ->
                        cause instanceof PeerClosed
                            ? proposed.withEndpoint(hinted).withAtLeast(Duration.ofSeconds(30))
                            : proposed));
    open();
    world.accept();

    fail(new PeerClosed(1012, "moved"));
    assertThat(waited()).isEqualTo(Duration.ofSeconds(30));
    world.awaitAttempt();
    assertAt(hinted, 2);
    fail(refused);

    assertAt(A, 3);
  }

  @Test
  void aHintWaitsForARequest() {
    URI hinted = URI.create("ws://c/");
    List<Boolean> supplies = new ArrayList<>(List.of(true, false, true));
    world =
        with(
            builder ->
                builder
                    .classifier(
                        (cause, proposed) ->
                            cause instanceof PeerClosed ? proposed.withEndpoint(hinted) : proposed)
                    .requests(
                        context -> {
                          if (!supplies.remove(0)) throw new IOException("no token");
                          return ConnectRequest.builder(VirtualConnection.SERVER).build();
                        }));
    open();
    world.accept();

    world.failAndReconnect(new PeerClosed(1012, "moved"));
    world.awaitAttempt();

    assertAt(hinted, 2);
  }

  @Test
  void aFatalFailureOfOneIsFatal() {
    open();

    fail(rejected(410));

    assertThat(world.connection.state()).isInstanceOf(Closed.class);
  }

  @Test
  void endpointsAreSomeAndDifferAndCanBeConnectedTo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoints.ordered(List.of()))
        .withMessage("endpoints must not be empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoints.shuffled(List.of(A, B, A)))
        .withMessage("endpoints must differ but had twice ws://a/");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoints.ordered(List.of(URI.create("ftp://a/"))));
  }

  private static HandshakeRejected rejected(int status, Header... headers) {
    return new HandshakeRejected("status " + status, status, List.of(headers), "");
  }

  private static HandshakeRejected retryAfter(int seconds) {
    return rejected(503, new Header("Retry-After", Integer.toString(seconds)));
  }
}
