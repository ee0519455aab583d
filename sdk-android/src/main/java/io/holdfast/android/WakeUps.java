package io.holdfast.android;

import io.holdfast.Clock;

/**
 * Runs tasks after a delay, and decides whether the device wakes up for them.
 *
 * <p>{@link HandlerWakeUps} never wakes it: what falls due in deep sleep runs when the device is
 * awake again, and the connection then finds out at once whether its transport still lives. That is
 * right for most apps. {@link AlarmWakeUps} wakes it, for pings while the screen is off.
 *
 * <p>An app that may set exact alarms (permission {@code SCHEDULE_EXACT_ALARM}) can write its own
 * with {@code AlarmManager.setExactAndAllowWhileIdle}. In Doze Android lets an app have one alarm
 * in some nine minutes, exact or not, and no network unless it runs a foreground service or is
 * exempt from battery optimisation; so a shorter heartbeat cannot be kept there.
 */
public interface WakeUps {

  /**
   * Runs {@code task} once, {@code delayNanos} of elapsed real time from now or later, on any
   * thread but not on the caller's before this returns. The task is short and never blocks. Safe
   * from any thread; returns at once.
   *
   * @return what stops it
   */
  Clock.Timer schedule(Runnable task, long delayNanos);
}
