package io.holdfast.rx;

import java.time.Duration;

/** Argument checks that give rule and value. */
final class Checks {
  private Checks() {}

  // 292 years in nanoseconds: what a long holds.
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  static int positive(String name, int value) {
    if (value <= 0) throw new IllegalArgumentException(name + " must be positive but was " + value);
    return value;
  }

  static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be <= " + LONGEST + " but was " + value);
    }
    return value;
  }
}
