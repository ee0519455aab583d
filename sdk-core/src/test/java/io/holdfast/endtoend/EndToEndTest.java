package io.holdfast.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Backoff;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.ReadyState;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user relies on, over real sockets, with a fault proxy in between. */
@Timeout(60)
class EndToEndTest {
  private static final Heartbeat QUICK =
      new Heartbeat(Duration.ofMillis(300), Duration.ofMillis(300));
  private static final Backoff PROMPT =
      new Backoff(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(50));

  private TestServer server;
  private FaultProxy proxy;
  private ManagedConnection connection;
  private States states;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
    proxy = FaultProxy.to(server.port());
    connection =
        ManagedConnection.builder(URI.create("ws://127.0.0.1:" + proxy.port() + "/"))
            .heartbeat(QUICK)
            .backoff(PROMPT)
            .barrierSpacing(Duration.ofMillis(50))
            .build();
    states = States.of(connection);
  }

  /** The server knows of a session a moment after its client does. */
  private void awaitSession() throws InterruptedException {
    states.await(Open.class, 1);
    assertThat(server.await(now -> now.liveSessions() == 1, Duration.ofSeconds(20))).isTrue();
  }

  @AfterEach
  void stop() throws IOException {
    connection.close();
    states.await(Closed.class, 1);
    proxy.close();
    server.close();
  }

  @Test
  void anEchoComesBackAndTheDeliveryIsConfirmed() throws Exception {
    server.echo();
    BlockingQueue<Message> received = receive();
    connection.open();

    Delivery delivery = connection.send("hello");

    assertThat(received.poll(10, SECONDS)).isEqualTo(Message.text("hello"));
    assertThat(delivery.toFuture().get(10, SECONDS)).isEqualTo(new Fate.Confirmed());
    assertThat(connection.readyState()).isEqualTo(ReadyState.OPEN);
    assertThat(connection.bufferedAmount()).isZero();
    states.await(RoundTripMeasured.class, 1);
  }

  @Test
  void theStateTellsHowTheConnectWent() {
    connection.open();

    Open open = (Open) states.await(Open.class, 1).what();

    ConnectTimeline timeline = open.timeline();
    assertThat(timeline.tcpNanos()).isPositive();
    assertThat(timeline.upgradeNanos()).isPositive();
    assertThat(timeline.totalNanos()).isGreaterThanOrEqualTo(timeline.upgradeNanos());
    assertThat(timeline.tlsNanos()).isEqualTo(-1);
    assertThat(timeline.address()).isNotNull();
  }

  @Test
  void aBlackHoleIsFoundByTheHeartbeatAndMessagesSentIntoItArriveInOrder() throws Exception {
    connection.open();
    states.await(Open.class, 1);
    proxy.blackHole();
    for (int i = 0; i < 200; i++) connection.send(Integer.toString(i));

    TransportLost lost = (TransportLost) states.await(TransportLost.class, 1).what();
    proxy.pass();

    assertThat(lost.cause()).isInstanceOf(HeartbeatTimedOut.class);
    assertThat(lost.inFlight()).isEqualTo(200);
    assertThat(server.ledger().awaitDistinct(200, Duration.ofSeconds(20))).isTrue();
    assertThat(server.ledger().orderKept()).isTrue();
  }

  @Test
  void aResetLosesNothing() throws Exception {
    connection.open();
    states.await(Open.class, 1);
    for (int i = 0; i < 1000; i++) {
      connection.send(Integer.toString(i));
      if (i % 250 == 200) proxy.reset();
    }

    assertThat(server.ledger().awaitDistinct(1000, Duration.ofSeconds(20))).isTrue();
    assertThat(server.ledger().orderKept()).isTrue();
    assertThat(states.all(TransportLost.class)).isNotEmpty();
  }

  @Test
  void aRestartedServerIsFoundAgain() throws Exception {
    connection.open();
    states.await(Open.class, 1);
    server.stop();
    states.await(Waiting.class, 1);
    Delivery delivery = connection.send("1");

    server.startAgain();

    assertThat(delivery.toFuture().get(20, SECONDS)).isEqualTo(new Fate.Confirmed());
  }

  @Test
  void aRejectedHandshakeIsRetriedUntilItIsAccepted() {
    server.rejectNext(2, 503);
    connection.open();

    states.await(Open.class, 1);

    assertThat(states.all(Waiting.class))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            waiting ->
                assertThat(waiting.cause())
                    .isInstanceOfSatisfying(
                        HandshakeRejected.class,
                        rejected -> assertThat(rejected.status()).isEqualTo(503)));
  }

  @Test
  void aForbiddingStatusIsFatal() {
    server.reject(410);
    connection.open();

    Closed closed = (Closed) states.await(Closed.class, 1).what();

    assertThat(closed.cause()).isInstanceOf(HandshakeRejected.class);
    assertThat(connection.send("late").fate())
        .isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.CONNECTION_CLOSED));
  }

  @Test
  void aServerThatClosesIsReturnedTo() throws Exception {
    connection.open();
    awaitSession();

    server.closeAll(1012, "restart");

    TransportLost lost = (TransportLost) states.await(TransportLost.class, 1).what();
    assertThat(lost.cause())
        .isInstanceOfSatisfying(
            PeerClosed.class, closed -> assertThat(closed.code()).isEqualTo(1012));
    states.await(Open.class, 2);
  }

  @Test
  void closeShakesHandsWithTheServer() {
    connection.open();
    states.await(Open.class, 1);

    connection.close(4321, "done");

    Closed closed = (Closed) states.await(Closed.class, 1).what();
    assertThat(closed.clean()).isTrue();
    assertThat(closed.code()).isEqualTo(4321);
    assertThat(closed.cause()).isNull();
  }

  @Test
  void drainDeliversEverythingBeforeItCloses() {
    connection.open();
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < 5000; i++) deliveries.add(connection.send(Integer.toString(i)));

    connection.drain(Duration.ofSeconds(20));

    Closed closed = (Closed) states.await(Closed.class, 1).what();
    assertThat(closed.clean()).isTrue();
    assertThat(deliveries).allSatisfy(d -> assertThat(d.fate()).isEqualTo(new Fate.Confirmed()));
    assertThat(server.ledger().distinct()).isEqualTo(5000);
    assertThat(server.ledger().duplicates()).isZero();
  }

  @Test
  void aBlockedConsumerIsNotTakenForADeadPeer() throws Exception {
    CountDownLatch unblock = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    connection
        .receive(
            message -> {
              blocked.countDown();
              awaitQuietly(unblock);
            })
        .request(MessageDemand.UNBOUNDED);
    connection.open();
    awaitSession();
    // More than the inbound bound, so that the reader pauses.
    for (int i = 0; i < 3000; i++) server.push("m" + i);
    assertThat(blocked.await(10, SECONDS)).isTrue();

    // Five times what would be the end of a silent peer.
    assertThat(unblock.await(3, SECONDS)).isFalse();
    unblock.countDown();
    Delivery delivery = connection.send("1");

    assertThat(delivery.toFuture().get(10, SECONDS)).isEqualTo(new Fate.Confirmed());
    assertThat(states.all(TransportLost.class)).isEmpty();
  }

  private BlockingQueue<Message> receive() {
    BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    connection.receive(received::add).request(MessageDemand.UNBOUNDED);
    return received;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
