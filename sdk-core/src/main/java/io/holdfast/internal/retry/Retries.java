package io.holdfast.internal.retry;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.resilience4j.retry.Retry;
import io.holdfast.Backoff;
import io.holdfast.ConnectionException;
import java.util.Random;
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
  // Made with the first failure where it is our own: an idle connection keeps none.
  private @Nullable Retry retry;
  private Retry.@Nullable AsyncContext<Object> outage;
  // For when the app's configuration throws.
  private int failures;
  private boolean unauthorized;

  /** Asks {@code retry}, or our own policy if it is null. */
  public Retries(Backoff backoff, @Nullable Retry retry, Random random) {
    this.policy = new BackoffPolicy(backoff, random);
    this.retry = retry;
  }

  /**
   * Whether and when to try again.
   *
   * @param delayNanos negative for never
   * @param bidNanos how long the server asked us to stay away, which nothing may cut short
   */
  public record Answer(long delayNanos, long bidNanos) {
    static final Answer STOP = new Answer(-1, 0);
  }

  /** Says whether and when to try again after {@code cause}. */
  public Answer ask(ConnectionException cause) {
    failures++;
    boolean unauthorizedBefore = unauthorized;
    unauthorized = Failures.isUnauthorized(cause);
    boolean refusedTwice = unauthorized && unauthorizedBefore;
    if (refusedTwice || Failures.isFatal(cause)) return Answer.STOP;
    long delayMillis = askContext(cause);
    if (delayMillis < 0) return Answer.STOP;
    long bidMillis = RetryAfter.millis(cause);
    return new Answer(
        MILLISECONDS.toNanos(Math.max(delayMillis, bidMillis)), MILLISECONDS.toNanos(bidMillis));
  }

  private long askContext(ConnectionException cause) {
    try {
      if (outage == null) outage = retry().asyncContext();
      return outage.onError(cause);
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not; the machine waits for an answer.
      log.warn("The retry configuration threw; our own delay is used", e);
      return policy.delayMillis(failures, cause);
    }
  }

  private Retry retry() {
    Retry made = retry;
    if (made == null) retry = made = Retry.of("holdfast", policy.toRetryConfig());
    return made;
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
