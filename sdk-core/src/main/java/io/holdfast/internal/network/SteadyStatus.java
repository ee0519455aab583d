package io.holdfast.internal.network;

import io.holdfast.network.NetworkStatus;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Believes in a change of the network once it has lasted: a second, and twice as long for each
 * change of the last minute, so that an interface that flaps costs few probes.
 */
final class SteadyStatus {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long RECENT_NANOS = 60 * SECOND_NANOS;
  private static final int MOST_DOUBLINGS = 5;

  private final long periodNanos;
  private @Nullable NetworkStatus current;
  // What was seen instead, at each look since then.
  private @Nullable NetworkStatus candidate;
  private long candidateSinceNanos;
  // When changes were believed in, of the last minute.
  private final ArrayDeque<Long> changes = new ArrayDeque<>();

  /**
   * Knows nothing yet.
   *
   * @param periodNanos between looks while nothing changes
   */
  SteadyStatus(long periodNanos) {
    this.periodNanos = periodNanos;
  }

  /** What is believed, or null before the first look. */
  @Nullable NetworkStatus current() {
    return current;
  }

  /** Takes what a look showed; returns in how many nanoseconds to look again. */
  long saw(NetworkStatus status, long nowNanos) {
    if (current == null) current = status;
    if (status.equals(current)) {
      candidate = null;
      return periodNanos;
    }
    if (!status.equals(candidate)) {
      candidate = status;
      candidateSinceNanos = nowNanos;
    }
    if (nowNanos - candidateSinceNanos < trialNanos(nowNanos)) {
      return Math.min(SECOND_NANOS, periodNanos);
    }
    current = status;
    candidate = null;
    changes.add(nowNanos);
    return periodNanos;
  }

  private long trialNanos(long nowNanos) {
    for (Long oldest = changes.peek();
        oldest != null && nowNanos - oldest > RECENT_NANOS;
        oldest = changes.peek()) {
      changes.remove();
    }
    return SECOND_NANOS << Math.min(changes.size(), MOST_DOUBLINGS);
  }
}
