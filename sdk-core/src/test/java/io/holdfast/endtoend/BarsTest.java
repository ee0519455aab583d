package io.holdfast.endtoend;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.MessageDemand;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.TestServer;
import io.holdfast.websocket.WebSocketTransportFactory;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Measures what the README claims, and prints it; {@code -Dholdfast.bars=true} runs it. */
@Timeout(300)
@EnabledIfSystemProperty(named = "holdfast.bars", matches = "true")
class BarsTest {
  private static final Duration ONE_WAY = Duration.ofMillis(100);

  @Test
  void fromHeartbeatDeadlineToNextAttemptOnABlackHole() throws Exception {
    for (int round = 1; round <= 10; round++) measureBlackHole(round);
  }

  private static void measureBlackHole(int round) throws Exception {
    Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(500), Duration.ofMillis(500));
    try (TestServer server = TestServer.start();
        FaultProxy proxy = FaultProxy.to(server.port());
        ManagedConnection connection =
            ManagedConnection.builder(URI.create("ws://127.0.0.1:" + proxy.port() + "/"))
                .heartbeat(heartbeat)
                .build()) {
      States states = States.of(connection);
      connection.open();
      states.await(RoundTripMeasured.class, 1);
      proxy.blackHole();
      States.Told lost = states.await(TransportLost.class, 1);
      States.Told attempt = states.await(Connecting.class, c -> c.attempt() == 2, 1);
      TransportLost loss = (TransportLost) lost.what();
      Duration silence = ((HeartbeatTimedOut) loss.cause()).silence();
      long lateNanos = silence.minus(heartbeat.interval()).minus(heartbeat.timeout()).toNanos();
      System.out.printf(
          "black hole %2d: found %.1f ms after interval + timeout, next attempt %.1f ms later%n",
          round, lateNanos / 1e6, (attempt.atNanos() - lost.atNanos()) / 1e6);
      assertThat(loss.cause()).isInstanceOf(HeartbeatTimedOut.class);
    }
  }

  @Test
  void fromTheNetworkBeingBackToTheFirstMessage() throws Exception {
    AtomicReference<NetworkMonitor.Listener> monitor = new AtomicReference<>();
    try (TestServer server = TestServer.start();
        FaultProxy proxy = FaultProxy.to(server.port());
        // By its address it would be this device, which needs no network.
        ManagedConnection connection =
            ManagedConnection.builder(URI.create("ws://elsewhere.test:" + proxy.port() + "/"))
                .transport(
                    WebSocketTransportFactory.create(
                        new OkHttpClient.Builder()
                            .dns(host -> List.of(InetAddress.getLoopbackAddress()))
                            .build()))
                .network(
                    listener -> {
                      monitor.set(listener);
                      return () -> {};
                    })
                .build()) {
      proxy.delay(ONE_WAY);
      States states = States.of(connection);
      connection.open();
      states.await(RoundTripMeasured.class, 1);
      for (int round = 1; round <= 5; round++) {
        measureReturn(round, connection, states, requireNonNull(monitor.get()), server);
      }
    }
  }

  private static void measureReturn(
      int round,
      ManagedConnection connection,
      States states,
      NetworkMonitor.Listener monitor,
      TestServer server)
      throws Exception {
    monitor.onStatus(new NetworkStatus(false, ""));
    states.await(Offline.class, round);
    Delivery delivery = connection.send("1");
    long arrivals = server.ledger().arrivals();
    long backAtNanos = System.nanoTime();
    monitor.onStatus(new NetworkStatus(true, ""));
    server.ledger().await(now -> now.arrivals() > arrivals, Duration.ofSeconds(20));
    double arrived = roundTrips(System.nanoTime() - backAtNanos);
    assertThat(delivery.toFuture().get(20, SECONDS)).isEqualTo(new Fate.Confirmed());
    double confirmed = roundTrips(System.nanoTime() - backAtNanos);
    System.out.printf(
        "network back: first message there after %.2f round trips, confirmed after %.2f%n",
        arrived, confirmed);
    assertThat(arrived).isBetween(1.4, 3.0);
    assertThat(confirmed).isBetween(1.9, 4.0);
  }

  private static double roundTrips(long nanos) {
    return nanos / (2.0 * ONE_WAY.toNanos());
  }

  @Test
  void aConsumerBlockedFor30SecondsIsNotDeclaredDead() throws Exception {
    try (TestServer server = TestServer.start();
        ManagedConnection connection =
            ManagedConnection.builder(server.url())
                .heartbeat(new Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .build()) {
      States states = States.of(connection);
      CountDownLatch unblock = new CountDownLatch(1);
      connection
          .receive(
              message -> {
                try {
                  unblock.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              })
          .request(MessageDemand.UNBOUNDED);
      connection.open();
      states.await(Open.class, 1);
      assertThat(server.await(now -> now.liveSessions() == 1, Duration.ofSeconds(20))).isTrue();
      for (int i = 0; i < 3000; i++) server.push("m" + i);

      assertThat(unblock.await(30, SECONDS)).isFalse();
      unblock.countDown();
      Delivery delivery = connection.send("1");

      assertThat(delivery.toFuture().get(10, SECONDS)).isEqualTo(new Fate.Confirmed());
      int lost = states.all(TransportLost.class).size();
      System.out.println("consumer blocked for 30 s, heartbeat 1 s + 1 s: transports lost " + lost);
      assertThat(lost).isZero();
    }
  }

  @Test
  void twoHundredConnectionsOnOneOkHttpClientLeaveNoThread() throws Exception {
    OkHttpClient okHttp = new OkHttpClient();
    try (TestServer server = TestServer.start()) {
      List<ManagedConnection> connections = new ArrayList<>();
      List<States> states = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        ManagedConnection connection =
            ManagedConnection.builder(server.url())
                .transport(WebSocketTransportFactory.create(okHttp))
                .build();
        connections.add(connection);
        states.add(States.of(connection));
        connection.open();
      }
      for (States each : states) each.await(Open.class, 1);
      int atPeak = ourThreads().size();
      connections.forEach(ManagedConnection::close);
      for (States each : states) each.await(Closed.class, 1);
      long deadline = System.nanoTime() + SECONDS.toNanos(30);
      while (!ourThreads().isEmpty() && System.nanoTime() < deadline) Thread.onSpinWait();
      System.out.printf(
          "200 connections on one OkHttpClient: %d threads open, %d left, dispatcher ran %d calls%n",
          atPeak, ourThreads().size(), okHttp.dispatcher().runningCallsCount());
      assertThat(ourThreads()).isEmpty();
    }
  }

  private static Set<String> ourThreads() {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("holdfast-")) names.add(thread.getName());
    }
    return names;
  }
}
