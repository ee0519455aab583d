package io.holdfast.storm;

import io.holdfast.Backoff;
import java.time.Duration;
import java.util.List;

/**
 * The rule by which an operator picks a spread, as {@link Backoff} documents it: a factor times the
 * fleet over the accept rate. With it the server meets 1 / factor of what it can accept. That
 * leaves room for chance, of which a small rate has relatively more, and for members that a rolling
 * restart cuts more than once.
 */
final class Spreads {
  static final List<Integer> FLEETS = List.of(1_000, 3_000, 10_000, 30_000, 100_000);
  static final List<Integer> ACCEPT_RATES = List.of(50, 100, 200, 500, 1_000, 5_000);
  // The table ends where hardly anybody would want to wait any more.
  static final Duration LONGEST = Duration.ofMinutes(15);

  private Spreads() {}

  static double factor(double acceptRate) {
    if (acceptRate < 100) return 2;
    return acceptRate < 200 ? 1.5 : 1.25;
  }

  static Duration of(int fleet, double acceptRate) {
    long seconds = (long) Math.ceil(factor(acceptRate) * fleet / acceptRate);
    return Duration.ofSeconds(Math.max(Backoff.DEFAULT.spread().toSeconds(), seconds));
  }

  static Backoff backoff(Duration spread) {
    return new Backoff(Backoff.DEFAULT.initial(), Backoff.DEFAULT.max(), spread);
  }
}
