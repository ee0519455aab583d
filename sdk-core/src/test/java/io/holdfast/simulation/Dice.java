package io.holdfast.simulation;

import java.util.List;
import java.util.Random;

/**
 * Chance, all of it from one seed. Each part of the world has a stream of its own, so that leaving
 * a fault out disturbs nobody else's.
 */
final class Dice {
  private final Random random;

  /** Makes the stream of the part {@code name}. */
  Dice(long seed, String name) {
    this(mixed(seed ^ mixed(name.hashCode())));
  }

  Dice(long seed) {
    random = new Random(seed);
  }

  // The finaliser of SplitMix64: seeds that are neighbours give streams that are not.
  static long mixed(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  Random random() {
    return random;
  }

  long seed() {
    return random.nextLong();
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  /** Returns a number from 0 to {@code bound} - 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Returns a number from {@code low} to {@code high}. */
  long between(long low, long high) {
    return low + (long) (random.nextDouble() * (high - low + 1));
  }

  /** Returns a number from {@code low}, positive, to {@code high}, each order of size as likely. */
  long skewed(long low, long high) {
    double factor = Math.pow((double) high / low, random.nextDouble());
    return Math.min(high, (long) (low * factor));
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
