package io.holdfast.testkit;

import java.util.Random;

/** How long a path takes for what it is given: a fixed time, and up to {@code jitter} more. */
final class Latency {
  private final long delayNanos;
  private final long jitterNanos;
  private final Random random;

  Latency(long delayNanos, long jitterNanos, long seed) {
    this.delayNanos = delayNanos;
    this.jitterNanos = jitterNanos;
    this.random = new Random(seed);
  }

  long nextNanos() {
    return delayNanos + (long) (random.nextDouble() * jitterNanos);
  }
}
