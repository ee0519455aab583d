package io.holdfast.internal.retry;

import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.Backoff;
import io.holdfast.ConnectionException;
import io.holdfast.internal.retry.Failures.FirstDelay;
import java.util.Random;

/** Our delays, in the form that resilience4j asks for them. */
final class BackoffPolicy {
  private final Backoff backoff;
  private final Random random;

  BackoffPolicy(Backoff backoff, Random random) {
    this.backoff = backoff;
    this.random = random;
  }

  RetryConfig toRetryConfig() {
    return RetryConfig.custom()
        .maxAttempts(Integer.MAX_VALUE)
        .retryOnException(cause -> true) // What is fatal is never asked about.
        .intervalBiFunction(
            (failures, outcome) -> delayMillis(failures, (ConnectionException) outcome.getLeft()))
        .build();
  }

  /**
   * Returns the delay before the next attempt.
   *
   * @param failures of this outage, from 1, the loss that began it included
   */
  long delayMillis(int failures, ConnectionException cause) {
    FirstDelay first = Failures.firstDelay(cause);
    if (failures > 1 && first != FirstDelay.LONGEST) return jittered(boundMillis(failures - 2));
    return switch (first) {
      case NONE -> 0;
      case SPREAD -> jittered(backoff.spread().toMillis());
      case BACKOFF -> jittered(boundMillis(0));
      case LONGEST -> jittered(maxMillis());
    };
  }

  private long boundMillis(int doublings) {
    // Less than a millisecond would be zero, and stay so.
    double initial = (double) Math.max(1, backoff.initial().toMillis());
    return (long) Math.min((double) maxMillis(), Math.scalb(initial, Math.min(doublings, 62)));
  }

  private long maxMillis() {
    return Math.max(1, backoff.max().toMillis());
  }

  // After the bound, never before it: otherwise every client waits exactly the bound in the end.
  private long jittered(long boundMillis) {
    return (long) (random.nextDouble() * (boundMillis + 1));
  }
}
