package io.holdfast.testkit;

import java.time.Duration;

/** How many bytes a slow path takes now: a rate, and bursts of at most ten milliseconds. */
final class Throttle {
  private static final long BURST_NANOS = Duration.ofMillis(10).toNanos();

  private final long startedAtNanos;
  private final double byteNanos;
  private final double burstNanos;

  /** Up to when, since the start, the bytes that were let through have used the path. */
  private double usedUntil;

  Throttle(long bytesPerSecond, long nowNanos) {
    startedAtNanos = nowNanos;
    byteNanos = 1e9 / (double) bytesPerSecond;
    burstNanos = Math.max((double) BURST_NANOS, byteNanos);
  }

  int allowedBytes(long nowNanos) {
    double sinceStart = (double) (nowNanos - startedAtNanos);
    usedUntil = Math.max(usedUntil, sinceStart - burstNanos);
    // A rounding error must not hide the byte whose time has come.
    return (int) Math.min(Integer.MAX_VALUE, (sinceStart - usedUntil) / byteNanos + 1e-6);
  }

  void used(int bytes) {
    usedUntil += bytes * byteNanos;
  }

  /** When the next burst may go. */
  long nextNanos() {
    return startedAtNanos + (long) Math.ceil(usedUntil + burstNanos);
  }
}
