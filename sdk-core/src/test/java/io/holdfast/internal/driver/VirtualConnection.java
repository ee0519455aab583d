package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.ManagedConnection;
import io.holdfast.fixtures.FakeNetwork;
import io.holdfast.fixtures.FakeTransport;
import io.holdfast.fixtures.RecordingListener;
import io.holdfast.fixtures.VirtualClock;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;

/** A whole connection in virtual time over a fake network, with a recording listener. */
final class VirtualConnection {
  static final URI SERVER = URI.create("ws://example.com/feed");

  /** Draws the longest of each delay, so that bounds show. */
  static final Random LONGEST =
      new Random(1) {
        @Override
        public double nextDouble() {
          return Math.nextDown(1.0);
        }
      };

  final ConnectionException reset = new StreamBroken("reset", null);
  final VirtualClock clock = new VirtualClock();
  final FakeNetwork network = new FakeNetwork();
  final RecordingListener told = new RecordingListener();
  final ManagedConnection connection;

  /** Makes one with every default that the documentation states. */
  VirtualConnection() {
    this(builder -> {});
  }

  VirtualConnection(Consumer<ManagedConnection.Builder> change) {
    this(change, SERVER);
  }

  VirtualConnection(Consumer<ManagedConnection.Builder> change, URI server) {
    ManagedConnection.Builder builder =
        ManagedConnection.builder(server)
            .transport(network)
            .clock(clock)
            .ioExecutor(clock.executor())
            .random(LONGEST);
    change.accept(builder);
    connection = builder.build();
    connection.addListener(told);
  }

  FakeTransport transport() {
    return network.newest();
  }

  /** Opens, with the first ping answered if the transport answers pings, which it does. */
  VirtualConnection open() {
    connection.open();
    clock.run();
    accept();
    return this;
  }

  /** The newest attempt succeeds. Returns whether the transport may read. */
  boolean accept() {
    boolean read = transport().accept();
    clock.run();
    return read;
  }

  /** The same with a peer that answers no ping. */
  boolean acceptSilently() {
    transport().answerPings(false);
    return accept();
  }

  void fail(ConnectionException cause) {
    transport().fail(cause);
    clock.run();
  }

  /** Fails the newest attempt or transport, and waits for the next attempt to start. */
  void failAndReconnect(ConnectionException cause) {
    fail(cause);
    awaitAttempt();
  }

  /** Moves time to the start of the next attempt. */
  void awaitAttempt() {
    if (connection.state() instanceof Waiting waiting) clock.advance(waiting.delay());
  }

  void advance(Duration duration) {
    clock.advance(duration);
  }

  /** Asserts that something is so after {@code duration} and was not so before. */
  void assertExactlyAfter(Duration duration, Consumer<Boolean> assertion) {
    clock.advance(duration.minusNanos(1));
    assertion.accept(false);
    clock.advance(Duration.ofNanos(1));
    assertion.accept(true);
  }

  /** Closes, and asserts that nothing is left over. */
  void close() {
    connection.close();
    clock.advance(Duration.ofDays(1));
    assertThat(clock.timers()).isZero();
  }
}
