package io.holdfast.internal.retry;

import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.Backoff;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
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
    return failures > 1
        ? laterMillis(failures - 2, cause)
        : firstMillis(Failures.firstDelay(cause));
  }

  private long firstMillis(FirstDelay first) {
    return switch (first) {
      case NONE -> 0;
      case SPREAD -> jittered(spreadMillis());
      case BACKOFF -> jittered(boundMillis(0, maxMillis()));
      case LONGEST -> jittered(maxMillis());
    };
  }

  private long laterMillis(int doublings, ConnectionException cause) {
    return switch (Failures.laterDelay(cause)) {
      case BACKOFF -> jittered(boundMillis(doublings, maxMillis()));
      case AFTER_SPREAD -> afterSpreadMillis(doublings);
      case AFTER_REST_OF_SPREAD -> afterRestOfSpreadMillis(doublings, (AttemptTimedOut) cause);
      case LONGEST -> jittered(maxMillis());
    };
  }

  // A crowd that the spread has pulled apart stays apart: nobody comes again before the last of
  // them has come once, and its attempts are at no time more than in the first round.
  private long afterSpreadMillis(int doublings) {
    return spreadMillis() + jittered(boundMillis(doublings, maxMillis() - spreadMillis()));
  }

  private long afterRestOfSpreadMillis(int doublings, AttemptTimedOut timedOut) {
    long spentMillis = Math.min(timedOut.deadline().toMillis(), spreadMillis());
    long boundMillis = Math.max(boundMillis(doublings, maxMillis()), spentMillis);
    return spreadMillis() - spentMillis + jittered(boundMillis);
  }

  private long boundMillis(int doublings, long maxMillis) {
    // Less than a millisecond would be zero, and stay so.
    double initial = (double) Math.max(1, backoff.initial().toMillis());
    double grown = Math.scalb(initial, Math.min(doublings, 62));
    return (long) Math.min(Math.max(initial, (double) maxMillis), grown);
  }

  private long maxMillis() {
    return Math.max(1, backoff.max().toMillis());
  }

  private long spreadMillis() {
    return backoff.spread().toMillis();
  }

  // After the bound, never before it: otherwise every client waits exactly the bound in the end.
  private long jittered(long boundMillis) {
    return (long) (random.nextDouble() * (boundMillis + 1));
  }
}
