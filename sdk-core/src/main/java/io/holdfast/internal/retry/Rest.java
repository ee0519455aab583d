package io.holdfast.internal.retry;

/** Until when something is left alone. Pure: it is given the time. */
final class Rest {
  // nanoTime has no zero, so whether there is a rest at all is told apart.
  private boolean resting;
  private long untilNanos;

  long leftNanos(long nowNanos) {
    if (resting && untilNanos - nowNanos <= 0) resting = false;
    return resting ? untilNanos - nowNanos : 0;
  }

  void atLeast(long nanos, long nowNanos) {
    if (nanos <= leftNanos(nowNanos)) return;
    resting = true;
    untilNanos = nowNanos + nanos;
  }

  void end() {
    resting = false;
  }
}
