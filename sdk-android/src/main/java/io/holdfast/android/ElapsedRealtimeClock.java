package io.holdfast.android;

import static java.util.Objects.requireNonNull;

import android.os.SystemClock;
import io.holdfast.Clock;

/**
 * The time since the device was started, deep sleep included ({@link
 * SystemClock#elapsedRealtimeNanos}), so that a connection knows how long it really heard nothing.
 * {@link System#nanoTime} stands still while an Android device sleeps.
 *
 * <p>Timers come from {@link WakeUps}, which decide whether the device wakes for them.
 */
public final class ElapsedRealtimeClock implements Clock {
  private final WakeUps wakeUps;

  private ElapsedRealtimeClock(WakeUps wakeUps) {
    this.wakeUps = wakeUps;
  }

  /** Returns a clock with the timers of {@code wakeUps}, for all connections of an app. */
  public static ElapsedRealtimeClock with(WakeUps wakeUps) {
    return new ElapsedRealtimeClock(requireNonNull(wakeUps, "wakeUps"));
  }

  @Override
  public long nanoTime() {
    return SystemClock.elapsedRealtimeNanos();
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    return wakeUps.schedule(task, delayNanos);
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }
}
