package io.holdfast;

import java.time.Duration;

/**
 * How long to wait before an attempt, where no resilience4j configuration says otherwise.
 *
 * <p>Who ended the last transport sets an outage's first delay. After a local loss (heartbeat timed
 * out, network gone) it is zero. After a loss that the peer may have dealt to all its clients at
 * once (it closed, reset or refused) it is random, up to {@code spread}, so that a restarted server
 * is not stormed.
 *
 * <p>From the second failure of an outage on, and a transport that is lost before it has proved
 * itself counts as one, it is random between zero and a bound that starts at {@code initial} and
 * doubles up to {@code max}: full jitter, drawn after the bound is applied, so that it is never
 * lost. If the server turned us away, as above or with HTTP 429 or 5xx, this comes on top of the
 * {@code spread}, and both together are at most {@code max}, or {@code spread} and {@code initial}
 * if that is more: nobody comes again before everybody has come once, so the server meets no more
 * attempts in a second than the spread lets through, however long it is away. Of an attempt that
 * timed out the time it took is a part of the spread.
 *
 * <p>A server that closes with 1012 (service restart) is one that closed on all. One that closes
 * with 1013 (try again later) asks for more than order: the delay is the {@code spread}, or {@code
 * initial} if that is more, and on top a random time up to {@code max}, so never zero, first or
 * later. After 401 and 403 there is no delay: a fresh request is all that is needed.
 *
 * <p>What each failure means is a {@link Classification}, which a {@link FailureClassifier} may
 * change.
 *
 * <p>A spread of 5 s suits a server whose clients are many but not all cut at once, as in a rolling
 * restart. Where one event can cut a whole fleet, take {@code spread = factor * clients / rate},
 * where {@code rate} is how many connections a second the server can accept; attempts then stay
 * within 1.3 times that rate, and all are back about one spread after the server:
 *
 * <pre>
 *   rate              factor    1,000     3,000    10,000    30,000   100,000 clients
 *    50 a second        2         40 s     120 s     400 s
 *   100 a second        1.5       15 s      45 s     150 s     450 s
 *   200 a second        1.25       7 s      19 s      63 s     188 s     625 s
 *   500 a second        1.25       5 s       8 s      25 s      75 s     250 s
 * 1,000 a second        1.25       5 s       5 s      13 s      38 s     125 s
 * 5,000 a second        1.25       5 s       5 s       5 s       8 s      25 s
 * </pre>
 *
 * @param initial the first bound; 1 s by default
 * @param max the last bound; 20 s by default
 * @param spread of the first delay after a loss that the peer may have dealt to all, and the least
 *     delay after it turned us away again; 5 s by default, zero for none
 */
public record Backoff(Duration initial, Duration max, Duration spread) {

  /** From 1 s to 20 s, spread 5 s. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(5));

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
