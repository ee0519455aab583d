package io.holdfast.storm;

import io.holdfast.Backoff;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.internal.retry.Retries;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Our own retries without the rest of a connection: for fleets that are too large for a real one
 * each.
 */
final class HoldfastPolicy implements Policy {
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(15);

  private final Retries retries;

  HoldfastPolicy(Backoff backoff, Random random) {
    retries = new Retries(backoff, null, null, random);
  }

  @Override
  public long delayNanos(Failure failure, int retryAfterSeconds, long attemptNanos) {
    return retries.ask(cause(failure, retryAfterSeconds)).delayNanos();
  }

  private static ConnectionException cause(Failure failure, int retryAfterSeconds) {
    return switch (failure) {
      case LOST -> new EndedWithoutClose();
      case REFUSED -> new Refused("refused", null);
      case REJECTED -> rejected(retryAfterSeconds);
      case TIMED_OUT -> new AttemptTimedOut(ATTEMPT_TIMEOUT);
    };
  }

  static HandshakeRejected rejected(int retryAfterSeconds) {
    Header retryAfter = new Header("Retry-After", Integer.toString(retryAfterSeconds));
    return new HandshakeRejected("HTTP 503", 503, List.of(retryAfter), "");
  }

  @Override
  public void opened() {
    retries.endOutage();
  }

  @Override
  public Patience patience() {
    return Patience.total(ATTEMPT_TIMEOUT.toNanos());
  }
}
