package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.AdaptiveInterval;
import io.holdfast.Clock;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Fate;
import io.holdfast.Heartbeat;
import io.holdfast.HeartbeatMemory;
import io.holdfast.ManagedConnection;
import io.holdfast.Registration;
import io.holdfast.fixtures.ModelNetwork;
import io.holdfast.fixtures.ModelNetwork.Door;
import io.holdfast.fixtures.ModelServer;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers that the README states, in virtual time. Each test prints its own. */
@Timeout(60)
class NumbersTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration ROUND_TRIP = Duration.ofMillis(200);
  private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(100);
  // A frame's head, a client's mask, and the payload of our pings.
  private static final int PING_BYTES = 6 + 12;
  private static final int PONG_BYTES = 2 + 12;
  // IPv4 and TCP, for the ping, for its pong and for the pong's acknowledgement.
  private static final int PACKET_BYTES = 3 * 40;

  /** A whole connection with every default, and a network that takes a time. */
  private static final class World implements ConnectionListener, AutoCloseable {
    private final VirtualClock clock = new VirtualClock();
    private final ModelServer server = new ModelServer();
    private final ModelNetwork network;
    private final ManagedConnection connection;
    private NetworkMonitor.@Nullable Listener monitor;
    private @Nullable TransportLost lost;
    private long lostAtNanos;
    private int sent;

    private World(long seed) {
      Random random = new Random(seed);
      network = new ModelNetwork(clock, random, server);
      network.pongsOvertake(false);
      network.latencyNanos(ROUND_TRIP.dividedBy(2).toNanos());
      connection =
          ManagedConnection.builder(VirtualConnection.SERVER)
              .transport(network)
              .clock(clock)
              .ioExecutor(clock.executor())
              .random(random)
              .network(this::listen)
              .build();
      connection.addListener(this);
      connection.open();
      clock.run();
    }

    private Registration listen(NetworkMonitor.Listener listener) {
      monitor = listener;
      return () -> {};
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      if (!(event instanceof TransportLost told)) return;
      lost = told;
      lostAtNanos = clock.nanoTime();
    }

    private void network(boolean available) {
      if (monitor == null) throw new AssertionError("nobody listens to the network");
      monitor.onStatus(new NetworkStatus(available, ""));
      clock.run();
    }

    /** Sends for that long. */
    private void talk(Duration duration) {
      long untilNanos = clock.nanoTime() + duration.toNanos();
      while (clock.nanoTime() < untilNanos) {
        connection.send("m" + sent++);
        clock.advance(BETWEEN_MESSAGES);
      }
    }

    @Override
    public void close() {
      connection.close();
      clock.advance(HOUR);
    }
  }

  @Test
  void aBlackHoleIsFoundWithinThreeSecondsWhileMessagesAreInFlight() {
    long[] took = new long[1_000];
    for (int i = 0; i < took.length; i++) took[i] = findABlackHole(i + 1);

    Arrays.sort(took);
    System.out.printf(
        "black hole while messages are in flight, %d ms round trip, %d rounds: found after"
            + " %.2f s (p50), %.2f s (p99), %.2f s (most)%n",
        ROUND_TRIP.toMillis(),
        took.length,
        took[took.length / 2] / 1e9,
        took[took.length * 99 / 100] / 1e9,
        took[took.length - 1] / 1e9);
    assertThat(Duration.ofNanos(took[took.length * 99 / 100]))
        .isLessThanOrEqualTo(Duration.ofSeconds(3));
  }

  private static long findABlackHole(long seed) {
    try (World world = new World(seed)) {
      world.clock.advance(ROUND_TRIP);
      // Some rounds begin while round trips are hardly known.
      Random random = new Random(seed);
      world.talk(Duration.ofMillis(3_000 + random.nextInt(7_000)));
      world.clock.advanceNanos(random.nextInt((int) BETWEEN_MESSAGES.toNanos()));

      long beganAtNanos = world.clock.nanoTime();
      world.network.blackHole(true);
      while (world.lost == null) world.talk(BETWEEN_MESSAGES);

      assertThat(world.lost.cause()).isInstanceOf(HeartbeatTimedOut.class);
      world.network.blackHole(false);
      return world.lostAtNanos - beganAtNanos;
    }
  }

  @Test
  void oneAndAHalfRoundTripsAfterTheNetworkIsBackTheFirstMessageIsThere() {
    try (World world = new World(1)) {
      world.clock.advance(ROUND_TRIP.multipliedBy(3));
      world.network(false);
      assertThat(world.connection.state()).isInstanceOf(Offline.class);
      CompletableFuture<Fate> fate = world.connection.send("hello").toFuture();
      world.clock.advance(Duration.ofMinutes(1));

      long backAtNanos = world.clock.nanoTime();
      world.network(true);
      while (world.server.arrivals("hello") == 0) world.clock.advance(Duration.ofMillis(1));
      double arrived = roundTrips(world.clock.nanoTime() - backAtNanos);
      while (!fate.isDone()) world.clock.advance(Duration.ofMillis(1));
      double confirmed = roundTrips(world.clock.nanoTime() - backAtNanos);

      System.out.printf(
          "network back: attempt at once, first message at the server after %.2f round trips,"
              + " confirmed after %.2f (one is the upgrade's; without TCP's and TLS's)%n",
          arrived, confirmed);
      assertThat(arrived).isBetween(1.5, 1.6);
      assertThat(confirmed).isBetween(2.0, 2.1);
    }
  }

  private static double roundTrips(long nanos) {
    return (double) nanos / ROUND_TRIP.toNanos();
  }

  @Test
  void aServerThatAcceptsAndDropsSeesFewAttemptsInTenMinutes() {
    int[] attempts = new int[200];
    for (int i = 0; i < attempts.length; i++) attempts[i] = attemptsInTenMinutes(i + 1);

    Arrays.sort(attempts);
    System.out.printf(
        "a server that accepts and drops, 10 min: %d attempts (least), %d (p50), %d (most)%n",
        attempts[0], attempts[attempts.length / 2], attempts[attempts.length - 1]);
    assertThat(attempts[attempts.length - 1]).isLessThanOrEqualTo(60);
    // Nor is it given up.
    assertThat(attempts[0]).isGreaterThanOrEqualTo(30);
  }

  private static int attemptsInTenMinutes(long seed) {
    try (World world = new World(seed)) {
      world.network.door(Door.ACCEPT_AND_DROP);
      world.clock.advance(Duration.ofMinutes(10));
      return world.network.attempts();
    }
  }

  // ---- Idle

  /** Counts moments at which a timer wakes the processor. */
  private static final class CountingClock implements Clock {
    private final VirtualClock clock = new VirtualClock();
    private long lastWokenAtNanos;
    private int wakings;

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public long wallMillis() {
      return clock.wallMillis();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
      return clock.schedule(() -> wake(task), delayNanos);
    }

    private void wake(Runnable task) {
      if (clock.nanoTime() != lastWokenAtNanos) wakings++;
      lastWokenAtNanos = clock.nanoTime();
      task.run();
    }
  }

  /** What an app keeps in its preferences. */
  private static final class Preferences implements HeartbeatMemory {
    private final Map<String, String> kept = new HashMap<>();

    @Override
    public @Nullable String load(String label) {
      return kept.get(label);
    }

    @Override
    public void save(String label, String state) {
      kept.put(label, state);
    }
  }

  private record Idle(int pings, int timers) {
    int frameBytes() {
      return pings * (PING_BYTES + PONG_BYTES);
    }

    int bytes() {
      return frameBytes() + pings * PACKET_BYTES;
    }

    /** A pong wakes the processor as well. */
    int wakings() {
      return timers + pings;
    }
  }

  @Test
  void anIdleHourTakesAPingForEachInterval() {
    Idle fixed = idleHour(Heartbeat.DEFAULT, Duration.ofDays(1));
    Idle learnt =
        idleHour(
            Heartbeat.DEFAULT.withInterval(AdaptiveInterval.DEFAULT.withMemory(new Preferences())),
            Duration.ofMinutes(5));

    System.out.printf(
        "an idle hour                  | pings | bytes of frames | with TCP/IP | timers | wake-ups%n");
    print("25 s", fixed);
    print("learnt, forgotten after 5 min", learnt);
    // Nothing but the interval's own end wakes it.
    assertThat(fixed).isEqualTo(new Idle(144, 144));
    assertThat(fixed.bytes()).isEqualTo(21_888);
    assertThat(learnt.pings()).isBetween(12, 15);
    assertThat(learnt.timers()).isEqualTo(learnt.pings());
  }

  private static void print(String heartbeat, Idle idle) {
    System.out.printf(
        "%-29s | %5d | %15d | %11d | %6d | %8d%n",
        heartbeat, idle.pings(), idle.frameBytes(), idle.bytes(), idle.timers(), idle.wakings());
  }

  private static Idle idleHour(Heartbeat heartbeat, Duration forgottenAfter) {
    CountingClock counting = new CountingClock();
    VirtualClock clock = counting.clock;
    ForgetfulPath path = new ForgetfulPath(clock, forgottenAfter);
    ManagedConnection connection =
        ManagedConnection.builder(VirtualConnection.SERVER)
            .transport(path)
            .clock(counting)
            .ioExecutor(clock.executor())
            .heartbeat(heartbeat)
            .random(new Random(1))
            .build();
    connection.open();
    // By then all is learnt.
    clock.advance(Duration.ofHours(3));
    assertThat(connection.state()).isInstanceOf(Open.class);
    int pings = path.pings();
    int wakings = counting.wakings;

    clock.advance(HOUR);

    Idle idle = new Idle(path.pings() - pings, counting.wakings - wakings);
    connection.close();
    clock.advance(Duration.ofMinutes(1));
    return idle;
  }
}
