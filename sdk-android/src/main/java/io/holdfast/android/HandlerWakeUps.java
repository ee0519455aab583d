package io.holdfast.android;

import static java.util.Objects.requireNonNull;

import android.os.Handler;
import android.os.HandlerThread;
import android.os.SystemClock;
import io.holdfast.Clock;

/**
 * Runs tasks on a thread of its own while the device is awake. A delay stands still in deep sleep,
 * so a task may come late by all of it.
 */
public final class HandlerWakeUps implements WakeUps {
  private static final long MILLI_NANOS = 1_000_000;

  private final Handler handler;

  HandlerWakeUps(Handler handler) {
    this.handler = handler;
  }

  /** Returns one with a new thread, which lasts as long as the process: one is enough. */
  public static HandlerWakeUps create() {
    return new HandlerWakeUps(newHandler());
  }

  static Handler newHandler() {
    HandlerThread thread = new HandlerThread("holdfast-timer");
    thread.start();
    return new Handler(thread.getLooper());
  }

  /** Never early: a timer that is would find that nothing is due, and be set again. */
  static long millisCeil(long nanos) {
    return nanos <= 0 ? 0 : (nanos - 1) / MILLI_NANOS + 1;
  }

  @Override
  public Clock.Timer schedule(Runnable task, long delayNanos) {
    requireNonNull(task, "task");
    // The same task may be scheduled twice.
    Object token = new Object();
    handler.postAtTime(task, token, SystemClock.uptimeMillis() + millisCeil(delayNanos));
    return () -> handler.removeCallbacks(task, token);
  }
}
