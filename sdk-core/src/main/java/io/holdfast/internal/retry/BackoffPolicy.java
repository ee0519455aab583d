package io.holdfast.internal.retry;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.Backoff;
import io.holdfast.Classification;
import io.holdfast.Classification.Delay;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Our delays, in the form that resilience4j asks for them. */
final class BackoffPolicy {
  private final Backoff backoff;
  private final Random random;

  BackoffPolicy(Backoff backoff, Random random) {
    this.backoff = backoff;
    this.random = random;
  }

  /** Returns a configuration that asks {@code classification} about the newest failure. */
  RetryConfig toRetryConfig(Supplier<Classification> classification) {
    return RetryConfig.custom()
        .maxAttempts(Integer.MAX_VALUE)
        .retryOnException(cause -> true) // What is fatal is never asked about.
        .intervalBiFunction(
            (failures, outcome) ->
                delayMillis(
                    failures, (ConnectionException) outcome.getLeft(), classification.get()))
        .build();
  }

  /**
   * Returns the delay before the next attempt.
   *
   * @param failures of this outage, from 1, the loss that began it included
   */
  long delayMillis(int failures, ConnectionException cause, Classification classification) {
    Delay delay = failures > 1 ? classification.later() : classification.first();
    int doublings = Math.max(0, failures - 2);
    long spreadMillis = millis(classification.spread());
    return switch (delay) {
      case NONE -> 0;
      case SPREAD -> jittered(spreadMillis);
      case BACKOFF -> jittered(boundMillis(doublings, maxMillis()));
      case LONGEST -> jittered(maxMillis());
      case SPREAD_AND_BACKOFF -> afterSpreadMillis(doublings, spreadMillis);
      case REST_OF_SPREAD_AND_BACKOFF -> afterRestMillis(doublings, spreadMillis, cause);
      case SPREAD_AND_LONGEST -> Math.max(initialMillis(), spreadMillis) + jittered(maxMillis());
    };
  }

  /** Returns how long an endpoint rests that has failed so often in a row, from 1. */
  long restNanos(int failures) {
    return MILLISECONDS.toNanos(jittered(boundMillis(failures - 1, maxMillis())));
  }

  // A crowd that the spread has pulled apart stays apart: nobody comes again before the last of
  // them has come once, and its attempts are at no time more than in the first round.
  private long afterSpreadMillis(int doublings, long spreadMillis) {
    return spreadMillis + jittered(boundMillis(doublings, maxMillis() - spreadMillis));
  }

  private long afterRestMillis(int doublings, long spreadMillis, ConnectionException cause) {
    long spentMillis = Math.min(spentMillis(cause), spreadMillis);
    long boundMillis = Math.max(boundMillis(doublings, maxMillis()), spentMillis);
    return spreadMillis - spentMillis + jittered(boundMillis);
  }

  private static long spentMillis(ConnectionException cause) {
    return cause instanceof AttemptTimedOut timedOut ? timedOut.deadline().toMillis() : 0;
  }

  private long boundMillis(int doublings, long maxMillis) {
    double initial = (double) initialMillis();
    double grown = Math.scalb(initial, Math.min(doublings, 62));
    return (long) Math.min(Math.max(initial, (double) maxMillis), grown);
  }

  // Less than a millisecond would be zero, and stay so.
  private long initialMillis() {
    return Math.max(1, backoff.initial().toMillis());
  }

  private long maxMillis() {
    return Math.max(1, backoff.max().toMillis());
  }

  private long millis(@Nullable Duration spread) {
    return (spread == null ? backoff.spread() : spread).toMillis();
  }

  // After the bound, never before it: otherwise every client waits exactly the bound in the end.
  private long jittered(long boundMillis) {
    return (long) (random.nextDouble() * (boundMillis + 1));
  }
}
