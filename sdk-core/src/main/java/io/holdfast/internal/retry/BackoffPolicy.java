package io.holdfast.internal.retry;

import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.Backoff;
import io.holdfast.ConnectionException;
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
    if (failures > 1) return jittered(boundMillis(failures - 2));
    return switch (Failures.firstDelay(cause)) {
      case NONE -> 0;
      case SPREAD -> jittered(backoff.spread().toMillis());
      case BACKOFF -> jittered(boundMillis(0));
    };
  }

  private long boundMillis(int doublings) {
    double bound = Math.scalb((double) backoff.initial().toMillis(), Math.min(doublings, 62));
    return (long) Math.min((double) backoff.max().toMillis(), bound);
  }

  // After the bound, never before it: otherwise every client waits exactly the bound in the end.
  private long jittered(long boundMillis) {
    return (long) (random.nextDouble() * (boundMillis + 1));
  }
}
