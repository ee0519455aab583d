package io.holdfast.internal.retry;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.resilience4j.retry.Retry;
import io.holdfast.Backoff;
import io.holdfast.Classification;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.FailureClassifier;
import java.net.URI;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies a failure, then asks resilience4j, with one context for each outage. Not safe for use
 * by several threads: the driver's mailbox owns it.
 */
public final class Retries {
  private static final Logger log = LoggerFactory.getLogger(Retries.class);

  private final BackoffPolicy policy;
  private final @Nullable FailureClassifier classifier;
  // Made with the first failure where it is our own: an idle connection keeps none.
  private @Nullable Retry retry;
  private Retry.@Nullable AsyncContext<Object> outage;
  // For when the app's configuration throws.
  private int failures;
  private boolean unauthorized;
  // Of the newest failure.
  private Classification classification = Failures.OTHER;

  /** Asks {@code retry}, or our own policy if it is null, after the app's {@code classifier}. */
  public Retries(
      Backoff backoff,
      @Nullable Retry retry,
      @Nullable FailureClassifier classifier,
      Random random) {
    this.policy = new BackoffPolicy(backoff, random);
    this.retry = retry;
    this.classifier = classifier;
  }

  /**
   * Whether and when to try again.
   *
   * @param waitNanos by the policy; negative for never
   * @param bidNanos how long the server asked us to stay away, which nothing may cut short
   * @param refreshCredentials whether the next request needs fresh ones
   * @param endpoint where the next attempt goes; null for where it would go anyway
   * @param waitFollowsBid whether the wait begins when the bid is over, not with it
   */
  public record Answer(
      long waitNanos,
      long bidNanos,
      boolean refreshCredentials,
      @Nullable URI endpoint,
      boolean waitFollowsBid) {
    static final Answer STOP = new Answer(-1, 0, false, null);

    Answer(long waitNanos, long bidNanos, boolean refreshCredentials, @Nullable URI endpoint) {
      this(waitNanos, bidNanos, refreshCredentials, endpoint, false);
    }

    /** Returns whether there is no next attempt. */
    public boolean isStop() {
      return waitNanos < 0;
    }

    /** Returns when the next attempt is made, from now; negative for never. */
    public long delayNanos() {
      if (isStop()) return waitNanos;
      return waitFollowsBid ? bidNanos + waitNanos : Math.max(waitNanos, bidNanos);
    }

    Answer withWait(long waitNanos) {
      return new Answer(waitNanos, bidNanos, refreshCredentials, endpoint, waitFollowsBid);
    }

    Answer withBid(long bidNanos) {
      return new Answer(waitNanos, bidNanos, refreshCredentials, endpoint, waitFollowsBid);
    }
  }

  /** Says whether and when to try again after {@code cause}. */
  public Answer ask(ConnectionException cause) {
    failures++;
    classification = classify(cause, unauthorized);
    unauthorized = Failures.isUnauthorized(cause);
    if (classification.fatal()) return Answer.STOP;
    long delayMillis = askContext(cause);
    if (delayMillis < 0) return Answer.STOP;
    return answer(cause, delayMillis);
  }

  /**
   * Says when to try after what happened beside an open transport, and counts as no failure: a wish
   * of the peer's, or an attempt whose credentials were refused where others were accepted.
   */
  Answer askDelay(ConnectionException asked) {
    classification = classify(asked, false);
    if (classification.fatal()) return Answer.STOP;
    return answer(asked, policy.delayMillis(1, asked, classification));
  }

  private Answer answer(ConnectionException cause, long delayMillis) {
    return new Answer(
        MILLISECONDS.toNanos(delayMillis),
        classification.atLeast().toNanos(),
        classification.refreshCredentials(),
        classification.endpoint(),
        // All whom a peer asks at once would otherwise come at once, when its delay is over.
        cause instanceof ReconnectAsked);
  }

  private Classification classify(ConnectionException cause, boolean unauthorizedBefore) {
    Classification proposed = Failures.classify(cause, unauthorizedBefore);
    if (classifier == null) return proposed;
    try {
      @Nullable Classification chosen = classifier.classify(cause, proposed);
      if (chosen != null) return chosen;
      log.warn("The failure classifier gave null; what was proposed holds");
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not.
      log.warn("The failure classifier threw; what was proposed holds", e);
    }
    return proposed;
  }

  private long askContext(ConnectionException cause) {
    try {
      if (outage == null) outage = retry().asyncContext();
      return outage.onError(cause);
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not; the machine waits for an answer.
      log.warn("The retry configuration threw; our own delay is used", e);
      return policy.delayMillis(failures, cause, classification);
    }
  }

  private Retry retry() {
    Retry made = retry;
    if (made == null) {
      retry = made = Retry.of("holdfast", policy.toRetryConfig(() -> classification));
    }
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
