package io.holdfast.internal.network;

/**
 * Tells that the device slept, or that the process was stopped, from timers that were set anyway.
 *
 * <p>A monotonic clock that goes on meanwhile shows it by a timer that fires late, one that stands
 * still by a wall clock that has gained on it. A wall clock that is set forward looks like the
 * latter. A pause for garbage is hardly ever as long as what counts.
 */
public final class SleepDetector {
  private static final long MILLI_NANOS = 1_000_000;
  private static final long LEAST_NANOS = 3_000 * MILLI_NANOS;
  // Two clocks may drift apart by some 0.05 % while one of them is being corrected.
  private static final int DRIFT_SHIFT = 10;

  /**
   * A sleep.
   *
   * @param nanos for how long, or zero if there was none
   * @param overran whether the monotonic clock went on meanwhile, and past the time of a timer
   */
  public record Sleep(long nanos, boolean overran) {
    private static final Sleep NONE = new Sleep(0, false);
  }

  private boolean hasLooked;
  private long lookedAtNanos;
  private long lookedAtMillis;
  private boolean hasFired;
  private long firedAtNanos;

  /** What the clocks do before the next look does not count. */
  public void forget() {
    hasLooked = false;
  }

  /** Takes the clocks; returns how long it slept since the last look, zero if it did not. */
  public long look(long nowNanos, long wallMillis) {
    long passedNanos = nowNanos - lookedAtNanos;
    long gainedNanos = (wallMillis - lookedAtMillis) * MILLI_NANOS - passedNanos;
    boolean slept = hasLooked && gainedNanos > LEAST_NANOS + (passedNanos >> DRIFT_SHIFT);
    hasLooked = true;
    lookedAtNanos = nowNanos;
    lookedAtMillis = wallMillis;
    return slept ? gainedNanos : 0;
  }

  /** The same when a timer fires that was due at {@code dueNanos}. */
  public Sleep fired(long dueNanos, long nowNanos, long wallMillis) {
    // Of the timers that a sleep makes late only the first tells of it.
    long lateNanos = nowNanos - dueNanos;
    if (hasFired) lateNanos = Math.min(lateNanos, nowNanos - firedAtNanos);
    hasFired = true;
    firedAtNanos = nowNanos;
    long gainedNanos = look(nowNanos, wallMillis);
    boolean overran = lateNanos > LEAST_NANOS;
    if (!overran && gainedNanos == 0) return Sleep.NONE;
    return new Sleep(overran ? Math.max(lateNanos, gainedNanos) : gainedNanos, overran);
  }
}
