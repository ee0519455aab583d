package io.holdfast.internal.machine;

/**
 * How long the first of the pings that are out has gone unanswered, and how much longer it may by a
 * peer that does send.
 */
final class Unanswered {
  // A message may hold a pong up for so many times what it may take without one.
  private static final int LONGEST_HOLD_UP = 9;

  private final long confirmNanos;
  private boolean any;
  // What we did not read is no time of its own.
  private long sinceNanos;
  // A long message was on its way when time was up, and for how much longer that may go on.
  private boolean heldUp;
  private boolean sawShortOne;
  private long heldUpNanos;

  Unanswered(long confirmNanos) {
    this.confirmNanos = confirmNanos;
  }

  /** A ping is out, perhaps behind another. */
  void ping(long nowNanos) {
    if (!any) begin(nowNanos);
  }

  /** The time begins now. */
  void begin(long nowNanos) {
    any = true;
    sinceNanos = nowNanos;
    heldUp = false;
    sawShortOne = false;
    heldUpNanos = 0;
  }

  /** None is out. */
  void end() {
    any = false;
  }

  /** The reader goes on after a pause. */
  void resumed(long pausedNanos, long nowNanos) {
    if (any) sinceNanos = nowNanos - Math.max(0, nowNanos - sinceNanos - pausedNanos);
  }

  /** Returns for how long; zero if none is out. */
  long lastsNanos(long nowNanos) {
    return any ? nowNanos - sinceNanos : 0;
  }

  /** Returns how much of its time is left. */
  long leftNanos(long allowanceNanos, long nowNanos) {
    return confirmNanos + allowanceNanos + heldUpNanos - lastsNanos(nowNanos);
  }

  /**
   * A pong may have to wait for a message that is on its way, however long that takes to come. From
   * when it is seen to be whole the pong has {@code timeoutNanos}, in which the next long one may
   * begin.
   */
  void allowForMessage(long timeoutNanos, long allowanceNanos, Snapshot snapshot) {
    long now = snapshot.nowNanos();
    if (!heldUp && leftNanos(allowanceNanos, now) > 0) return;
    long lastsNanos = snapshot.messageLastsNanos();
    // Of short ones that come and go there is nearly always one.
    long longNanos = timeoutNanos / 2;
    boolean longOne = lastsNanos > longNanos;
    if (longOne || heldUp) {
      heldUp = longOne;
      awaitUntil(now + timeoutNanos, allowanceNanos);
    } else if (lastsNanos > 0 && !sawShortOne) {
      sawShortOne = true;
      // It may be a long one that has just begun.
      awaitUntil(now + longNanos - lastsNanos + 1, allowanceNanos);
    }
  }

  private void awaitUntil(long nanos, long allowanceNanos) {
    long longerNanos = nanos - sinceNanos - confirmNanos - allowanceNanos;
    heldUpNanos = Math.min(longerNanos, LONGEST_HOLD_UP * confirmNanos);
  }
}
