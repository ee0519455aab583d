package io.holdfast;

import java.time.Duration;

/**
 * How long to wait before an attempt, where no resilience4j configuration says otherwise.
 *
 * <p>Who ended the last transport sets an outage's first delay. After a local loss (heartbeat timed
 * out, network gone) it is zero. After a loss that the peer may have dealt to all its clients at
 * once (it closed, reset or refused) it is random, up to {@code spread}, so that a restarted server
 * is not stormed. From the second failure of an outage on, and a transport that is lost before it
 * has proved itself counts as one, it is random between zero and a bound that starts at {@code
 * initial} and doubles up to {@code max}: full jitter, drawn after the bound is applied, so that it
 * is never lost.
 *
 * @param initial the first bound; 1 s by default
 * @param max the last bound; 30 s by default
 * @param spread of the first delay after a loss that the peer may have dealt to all; 5 s by
 *     default, zero for none
 */
public record Backoff(Duration initial, Duration max, Duration spread) {

  /** From 1 s to 30 s, spread 5 s. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5));

  /**
   * Checks the durations.
   *
   * @throws IllegalArgumentException if {@code initial} or {@code max} is not positive, {@code
   *     spread} is negative, or {@code initial} is longer than {@code max}
   */
  public Backoff {
    Checks.positive("backoff initial", initial);
    Checks.positive("backoff max", max);
    Checks.notNegative("backoff spread", spread);
    if (initial.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "backoff initial must be <= max but was " + initial + " > " + max);
    }
  }
}
