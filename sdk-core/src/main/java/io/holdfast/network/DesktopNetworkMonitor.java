package io.holdfast.network;

import static java.util.Objects.requireNonNull;

import io.holdfast.Registration;
import io.holdfast.internal.driver.SharedThreads;
import io.holdfast.internal.driver.SystemClock;
import io.holdfast.internal.network.InterfacePoll;
import java.time.Duration;

/**
 * Follows the network of a desktop or server by looking at the interfaces and the default route.
 *
 * <p>A network's label is made of the default route's interface and local addresses, so that
 * another Wi-Fi, a VPN that comes up and a docking station each make a new one. Of an IPv6 address
 * only the first half counts, for the rest changes by itself. A change is told once it has lasted a
 * second, or longer while one follows the other. There is no network only if no interface but
 * loopback has an address; connections to {@code localhost} go on then. Nothing is sent to find
 * out.
 *
 * <p>It also tells of sleep, at the first look after it.
 *
 * <p>It has no thread: looks are made on the threads that connections share, and end with the last
 * listener. On Android follow {@code ConnectivityManager} instead.
 */
public final class DesktopNetworkMonitor implements NetworkMonitor {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofMillis(100);
  // 292 years in nanoseconds: what a long holds.
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
  private static final DesktopNetworkMonitor SHARED = of(PERIOD);

  private final InterfacePoll poll;

  private DesktopNetworkMonitor(InterfacePoll poll) {
    this.poll = poll;
  }

  private static DesktopNetworkMonitor of(Duration period) {
    return new DesktopNetworkMonitor(
        new InterfacePoll(SystemClock.INSTANCE, SharedThreads.io(), period));
  }

  /** Returns one that looks every 5 s, together with all others that this method returned. */
  public static DesktopNetworkMonitor create() {
    return SHARED;
  }

  /**
   * Returns one that looks for itself, every {@code period}.
   *
   * @throws IllegalArgumentException if that is less than 100 ms, or more than 292 years
   */
  public static DesktopNetworkMonitor create(Duration period) {
    if (period.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("period must be >= " + SHORTEST + " but was " + period);
    }
    if (period.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("period must be <= " + LONGEST + " but was " + period);
    }
    return of(period);
  }

  /** Tells {@code listener} the status as soon as a look has been made, and each change. */
  @Override
  public Registration listen(Listener listener) {
    return poll.listen(requireNonNull(listener, "listener"));
  }
}
