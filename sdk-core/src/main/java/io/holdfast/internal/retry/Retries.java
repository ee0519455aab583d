package io.holdfast.internal.retry;

import io.github.resilience4j.retry.Retry;
import io.holdfast.Backoff;
import io.holdfast.ConnectionException;
import io.holdfast.internal.machine.Event.RetryAnswered;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks resilience4j, with one context for each outage. Not safe for use by several threads: the
 * driver's mailbox owns it.
 */
public final class Retries {
  private static final Logger log = LoggerFactory.getLogger(Retries.class);

  private final BackoffPolicy policy;
  private final Retry retry;
  private Retry.@Nullable AsyncContext<Object> outage;
  // For when the app's configuration throws.
  private int failures;
  private boolean unauthorized;

  /** Asks {@code retry}, or our own policy if it is null. */
  public Retries(Backoff backoff, @Nullable Retry retry, Random random) {
    this.policy = new BackoffPolicy(backoff, random);
    this.retry = retry != null ? retry : Retry.of("holdfast", policy.toRetryConfig());
  }

  /** Says whether and when to try again after {@code cause}. */
  public RetryAnswered ask(ConnectionException cause) {
    failures++;
    boolean unauthorizedBefore = unauthorized;
    unauthorized = Failures.isUnauthorized(cause);
    boolean refusedTwice = unauthorized && unauthorizedBefore;
    if (refusedTwice || Failures.isFatal(cause)) return RetryAnswered.STOP;
    long delayMillis = askContext(cause);
    if (delayMillis < 0) return RetryAnswered.STOP;
    long bidMillis = RetryAfter.millis(cause);
    long nanos = TimeUnit.MILLISECONDS.toNanos(Math.max(delayMillis, bidMillis));
    return new RetryAnswered(nanos, bidMillis > 0);
  }

  private long askContext(ConnectionException cause) {
    try {
      if (outage == null) outage = retry.asyncContext();
      return outage.onError(cause);
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not; the machine waits for an answer.
      log.warn("The retry configuration threw; our own delay is used", e);
      return policy.delayMillis(failures, cause);
    }
  }

  /** A transport has proved itself: the next failure begins an outage of its own. */
  public void endOutage() {
    failures = 0;
    unauthorized = false;
    if (outage == null) return;
    try {
      outage.onComplete();
    } catch (Throwable e) {
      log.warn("The retry configuration threw", e);
    }
    outage = null;
  }
}
