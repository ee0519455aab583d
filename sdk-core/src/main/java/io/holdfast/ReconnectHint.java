package io.holdfast;

import io.holdfast.internal.Redaction;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a peer asks a connection to go to a new transport. Immutable.
 *
 * @param delay how long to wait at least; at most an hour counts. It is forgotten if a transport
 *     that is drained ends before, for then there is nothing to go on with
 * @param spread of the random delay on top of it, of which at most an hour counts; null for {@link
 *     Backoff#spread}. Others may have been asked at the same moment
 * @param endpoint where the next attempt goes, and only that; null for where it would go anyway. It
 *     gets the request's headers, too, so whoever lets a peer name one checks it
 * @param drain whether the old transport is used until the new one is open: no new message is
 *     handed to it then, what it has is confirmed, and it is closed in good order
 */
public record ReconnectHint(
    Duration delay, @Nullable Duration spread, @Nullable URI endpoint, boolean drain) {

  /** At once, but for the spread; where it would go anyway; the old transport is given up. */
  public static final ReconnectHint DEFAULT = new ReconnectHint(Duration.ZERO, null, null, false);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if {@code delay} or {@code spread} is negative, or {@code
   *     endpoint} is none that {@link ConnectRequest#builder} takes
   */
  public ReconnectHint {
    requireNotNegative("delay", delay);
    if (spread != null) requireNotNegative("spread", spread);
    if (endpoint != null) ConnectRequest.builder(endpoint);
  }

  // However long, for a peer may say what it likes: of each at most an hour counts.
  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }

  /**
   * Returns the same with another delay.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public ReconnectHint withDelay(Duration delay) {
    return new ReconnectHint(delay, spread, endpoint, drain);
  }

  /**
   * Returns the same with another spread; null for that of {@link Backoff}.
   *
   * @throws IllegalArgumentException if {@code spread} is negative
   */
  public ReconnectHint withSpread(@Nullable Duration spread) {
    return new ReconnectHint(delay, spread, endpoint, drain);
  }

  /**
   * Returns the same to another endpoint; null for where it would go anyway.
   *
   * @throws IllegalArgumentException as {@link ConnectRequest#builder} says
   */
  public ReconnectHint withEndpoint(@Nullable URI endpoint) {
    return new ReconnectHint(delay, spread, endpoint, drain);
  }

  /** Returns the same with the old transport used until the new one is open. */
  public ReconnectHint withDrain() {
    return new ReconnectHint(delay, spread, endpoint, true);
  }

  // Without the query, which may be secret.
  @Override
  public String toString() {
    String to = endpoint == null ? "" : " to " + Redaction.of(endpoint);
    return "ReconnectHint[after " + delay + to + (drain ? ", drained" : "") + "]";
  }
}
