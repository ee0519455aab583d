package io.holdfast.storm;

import java.util.Random;

/**
 * Tinder's Scarlet with its {@code ExponentialWithJitterBackoffStrategy} ({@code
 * scarlet/src/main/java/com/tinder/scarlet/retry}: full jitter, but none once the delay has reached
 * the maximum), with the base of 1000 ms and the maximum of 10,000 ms that {@code Scarlet.kt} gives
 * to its default strategy, which has no jitter at all. The deadlines are OkHttp's: 10 s to connect
 * and 10 s for the answer.
 */
final class ScarletPolicy implements Policy {
  private static final long MILLI = 1_000_000;
  private static final double BASE_MILLIS = 1000;
  private static final int MAX_MILLIS = 10_000;
  private static final long CONNECT_NANOS = 10_000 * MILLI;
  private static final long READ_NANOS = 10_000 * MILLI;

  private final Random random;
  private int retries;

  ScarletPolicy(Random random) {
    this.random = random;
  }

  @Override
  public long delayNanos(Failure failure, int retryAfterSeconds, long attemptNanos) {
    int millis = (int) Math.min(MAX_MILLIS, BASE_MILLIS * Math.pow(2, retries++));
    return (millis == MAX_MILLIS ? millis : random.nextInt(millis)) * MILLI;
  }

  @Override
  public void opened() {
    retries = 0;
  }

  @Override
  public Patience patience() {
    return new Patience(CONNECT_NANOS, READ_NANOS, CONNECT_NANOS + READ_NANOS);
  }
}
