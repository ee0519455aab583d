package io.holdfast.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.ManagedConnection;
import io.holdfast.fixtures.FakeNetwork;
import io.holdfast.fixtures.RecordingListener;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.internal.network.Attachments.Attachment;
import io.holdfast.network.NetworkMonitor;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * A laptop with an idle connection sleeps for an hour, in which its path dies. How long after it
 * has woken the next attempt begins, for each thing that clocks do meanwhile. Prints what it
 * measures.
 */
class HourOfSleepTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration STEP = Duration.ofMillis(10);
  // Of the default heartbeat.
  private static final Duration INTERVAL = Duration.ofSeconds(25);
  private static final Duration PROMPT = Duration.ofSeconds(2);
  private static final Duration LOOKS = Duration.ofSeconds(5);

  @Test
  void aClockThatGoesOnShowsItAtOnce() {
    long[] took = measure("the clock goes on", clock -> clock.sleep(HOUR), HourOfSleepTest::none);

    assertThat(longest(took)).isLessThanOrEqualTo(PROMPT.plus(STEP));
  }

  @Test
  void aClockThatStoppedShowsItAtTheNextHeartbeat() {
    long[] took = measure("the clock stops", clock -> clock.stepWall(HOUR), HourOfSleepTest::none);

    assertThat(longest(took)).isLessThanOrEqualTo(INTERVAL.plus(PROMPT).plus(STEP));
  }

  @Test
  void orAtTheDesktopMonitorsNextLook() {
    long[] took =
        measure(
            "the clock stops, DesktopNetworkMonitor",
            clock -> clock.stepWall(HOUR),
            HourOfSleepTest::desktop);

    assertThat(longest(took)).isLessThanOrEqualTo(LOOKS.plus(PROMPT).plus(STEP));
  }

  private static NetworkMonitor none(VirtualClock unused) {
    return NetworkMonitor.NONE;
  }

  private static NetworkMonitor desktop(VirtualClock clock) {
    InetAddress address = InetAddress.getLoopbackAddress();
    Attachments cable = new Attachments(List.of(new Attachment("eth0", address)), address, null);
    return new InterfacePoll(() -> cable, clock, clock.executor(), LOOKS)::listen;
  }

  private static Duration longest(long[] sorted) {
    return Duration.ofNanos(sorted[sorted.length - 1]);
  }

  private static long[] measure(
      String what, Consumer<VirtualClock> sleep, Function<VirtualClock, NetworkMonitor> monitor) {
    long[] took = new long[100];
    for (int i = 0; i < took.length; i++) took[i] = wake(i, sleep, monitor);
    Arrays.sort(took);
    System.out.printf(
        "an hour of sleep, %s: next attempt after %.2f s (p50), %.2f s (most)%n",
        what, took[took.length / 2] / 1e9, took[took.length - 1] / 1e9);
    return took;
  }

  private static long wake(
      long seed, Consumer<VirtualClock> sleep, Function<VirtualClock, NetworkMonitor> monitor) {
    VirtualClock clock = new VirtualClock();
    FakeNetwork network = new FakeNetwork();
    RecordingListener told = new RecordingListener();
    try (ManagedConnection connection =
        ManagedConnection.builder(URI.create("wss://example.com/"))
            .transport(network)
            .clock(clock)
            .ioExecutor(clock.executor())
            .network(monitor.apply(clock))
            .build()) {
      connection.addListener(told);
      connection.open();
      clock.run();
      network.newest().accept();
      clock.advance(Duration.ofMillis(60_000 + new Random(seed).nextInt(25_000)));
      network.newest().answerPings(false);

      sleep.accept(clock);

      long wokeAtNanos = clock.nanoTime();
      while (network.attempts() < 2) clock.advance(STEP);
      assertThat(told.events(WokeUp.class)).hasSize(1);
      return clock.nanoTime() - wokeAtNanos;
    }
  }
}
