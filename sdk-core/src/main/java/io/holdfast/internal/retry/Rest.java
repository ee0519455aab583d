package io.holdfast.internal.retry;

/** Until when something is left alone. Immutable, and pure: it is given the time. */
final class Rest {
  static final Rest NONE = new Rest(false, 0);

  // nanoTime has no zero, so whether there is a rest at all is told apart.
  private final boolean resting;
  private final long untilNanos;

  private Rest(boolean resting, long untilNanos) {
    this.resting = resting;
    this.untilNanos = untilNanos;
  }

  long leftNanos(long nowNanos) {
    return resting ? Math.max(0, untilNanos - nowNanos) : 0;
  }

  /** Returns one that lasts so long from now, and as long as this one. */
  Rest atLeast(long nanos, long nowNanos) {
    return nanos <= leftNanos(nowNanos) ? this : new Rest(true, nowNanos + nanos);
  }
}
