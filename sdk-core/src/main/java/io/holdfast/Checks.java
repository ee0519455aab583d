package io.holdfast;

import java.time.Duration;

/** Argument checks that give rule and value. */
final class Checks {
  private Checks() {}

  // 292 years in nanoseconds: what a long holds.
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
    return representable(name, value);
  }

  static Duration notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
    return representable(name, value);
  }

  private static Duration representable(String name, Duration value) {
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be <= " + LONGEST + " but was " + value);
    }
    return value;
  }

  static int positive(String name, int value) {
    if (value <= 0) throw new IllegalArgumentException(name + " must be positive but was " + value);
    return value;
  }

  static int notNegative(String name, int value) {
    if (value < 0) throw new IllegalArgumentException(name + " must be >= 0 but was " + value);
    return value;
  }

  static long positive(String name, long value) {
    if (value <= 0) throw new IllegalArgumentException(name + " must be positive but was " + value);
    return value;
  }
}
