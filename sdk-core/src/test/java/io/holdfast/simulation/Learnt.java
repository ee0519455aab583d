package io.holdfast.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What may be known of one path by whoever learns how long it survives silence, and so between what
 * the interval must be.
 */
final class Learnt {
  // With traffic in between a silence need not be quite as long as the interval.
  static final double ABOUT = 0.9;
  // A silence that is hardly longer than the last one is nothing new.
  private static final double NEWS = 0.98;
  private static final double NEAR = 1.25;
  private static final double TOLERANCE_NANOS = 5e6;
  private static final int MOST_SURPRISES = 3;
  private static final double NONE = Double.MAX_VALUE;

  private final double leastNanos;
  private final double mostNanos;
  // The longest silence that was survived for certain, and perhaps.
  private double survivedNanos;
  private double perhapsNanos;
  // The shortest that was lost for certain, and is not refuted.
  private double lostNanos = NONE;
  // The longest that was lost perhaps; zero for none.
  private double perhapsLostNanos;
  // Losses, perhaps, of what had been survived, since one for certain.
  private int surprises;
  // Somebody else has learnt it, or made it up.
  private boolean unknown;
  private @Nullable Duration told;

  Learnt(Heart.Beat beat) {
    this((double) beat.least().toNanos(), (double) beat.most().toNanos());
  }

  private Learnt(double leastNanos, double mostNanos) {
    this.leastNanos = leastNanos;
    this.mostNanos = mostNanos;
  }

  Learnt copy() {
    Learnt copy = new Learnt(leastNanos, mostNanos);
    copy.become(this);
    return copy;
  }

  void become(Learnt other) {
    survivedNanos = other.survivedNanos;
    perhapsNanos = other.perhapsNanos;
    lostNanos = other.lostNanos;
    perhapsLostNanos = other.perhapsLostNanos;
    surprises = other.surprises;
    unknown = other.unknown;
    told = other.told;
  }

  // ---- Between what the interval is

  /** Returns the shortest that it may be: twice what was survived, as long as nothing was lost. */
  long shortestNanos() {
    if (told != null) return (long) (told.toNanos() - TOLERANCE_NANOS);
    if (unknown || perhapsLostNanos > 0) return (long) leastNanos;
    return (long) (bounded(2 * NEWS * survivedNanos) - TOLERANCE_NANOS);
  }

  /** Returns the longest: twice what was survived, and no longer than what was lost. */
  long longestNanos() {
    if (told != null) return told.toNanos();
    if (unknown) return (long) mostNanos;
    // A timer that was late may have had the first silence be too long, and lost.
    double inBetweenNanos = Math.sqrt(leastNanos * perhapsLostNanos);
    return (long) bounded(Math.min(Math.max(2 * perhapsNanos, inBetweenNanos), beyondLossNanos()));
  }

  // In between once it was lost; until what was survived is so near that it is tried once more.
  private double beyondLossNanos() {
    boolean near = lostNanos <= NEAR * Math.max(leastNanos, perhapsNanos);
    return near ? lostNanos / ABOUT : lostNanos * NEWS;
  }

  private double bounded(double nanos) {
    return Math.min(mostNanos, Math.max(leastNanos, nanos));
  }

  /** Whether an interval that was told is one that silences have survived. */
  boolean mayBeTold(Duration interval) {
    double nanos = (double) interval.toNanos();
    boolean within = nanos >= leastNanos && nanos <= mostNanos;
    return within && (unknown || nanos <= Math.max(leastNanos, perhapsNanos));
  }

  // ---- What came of it

  /** A ping was answered after a silence of so long, perhaps. */
  void perhapsSurvived(long nanos) {
    perhapsNanos = Math.max(perhapsNanos, (double) nanos);
    if (nanos >= ABOUT * lostNanos) lostNanos = NONE;
  }

  void survived(long nanos) {
    survivedNanos = Math.max(survivedNanos, (double) nanos);
  }

  /** A transport was lost while a ping was out, which went after another silence. */
  void perhapsLost(long nanos, long atPingNanos) {
    perhapsLostNanos = Math.max(perhapsLostNanos, (double) nanos);
    // Several in a row of what used to be survived are why all before is forgotten.
    boolean surprise = (double) atPingNanos <= perhapsNanos;
    if (surprise && ++surprises >= MOST_SURPRISES) lostNanos = NONE;
  }

  void lost(long nanos) {
    surprises = 0;
    lostNanos = Math.min(lostNanos, (double) nanos);
  }

  /** The app was told, and knows until something new is learnt. */
  void told(@Nullable Duration interval) {
    told = interval;
  }

  /** Nobody knows what it has learnt, but within which bounds it stays. */
  void unknown() {
    unknown = true;
    told = null;
  }
}
