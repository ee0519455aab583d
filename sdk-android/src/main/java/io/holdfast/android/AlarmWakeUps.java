package io.holdfast.android;

import static java.util.Objects.requireNonNull;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.os.Build;
import android.os.Handler;
import android.os.SystemClock;
import io.holdfast.Clock;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on a thread of its own, on time while the device is awake, and wakes it for the one
 * that is due first, in Doze as well ({@link AlarmManager#setAndAllowWhileIdle}). Needs no
 * permission.
 *
 * <p>Android may let such an alarm come late, by half a delay and more, and in Doze by some nine
 * minutes; a connection takes that for sleep, and asks its peer for a sign of life. Each alarm
 * costs battery: let the background heartbeat's interval be learnt, or {@link
 * InBackground#SUSPENDED suspend} instead.
 */
public final class AlarmWakeUps implements WakeUps {
  private static final String ACTION = "io.holdfast.android.WAKE_UP";
  // By value, for the constant is newer than the framework that we compile against.
  private static final int RECEIVER_NOT_EXPORTED = 4;
  private static final int RECEIVER_NOT_EXPORTED_SINCE = 33;

  private final Handler handler;
  private final AlarmManager alarms;
  private final PendingIntent alarm;
  private final Runnable setAlarm = this::setAlarm;

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long lastNumber;

  // The handler's thread owns it. Zero while no alarm is set.
  private long alarmAtMillis;

  AlarmWakeUps(Context context, Handler handler) {
    this.handler = handler;
    alarms = context.getSystemService(AlarmManager.class);
    Intent intent = new Intent(ACTION).setPackage(context.getPackageName());
    alarm = PendingIntent.getBroadcast(context, 0, intent, PendingIntent.FLAG_IMMUTABLE);
    int flags = Build.VERSION.SDK_INT < RECEIVER_NOT_EXPORTED_SINCE ? 0 : RECEIVER_NOT_EXPORTED;
    context.registerReceiver(new Alarmed(), new IntentFilter(ACTION), null, handler, flags);
  }

  /** Returns the one of the app of {@code context}: two would take each other's alarms. */
  public static AlarmWakeUps of(Context context) {
    return new AlarmWakeUps(context.getApplicationContext(), HandlerWakeUps.newHandler());
  }

  @Override
  public Clock.Timer schedule(Runnable runnable, long delayNanos) {
    requireNonNull(runnable, "task");
    lock.lock();
    try {
      long dueNanos = SystemClock.elapsedRealtimeNanos() + Math.max(0, delayNanos);
      Task task = new Task(runnable, dueNanos, ++lastNumber);
      tasks.add(task);
      handler.postDelayed(task, HandlerWakeUps.millisCeil(delayNanos));
      headMayHaveChanged();
      return task;
    } finally {
      lock.unlock();
    }
  }

  // Talks to another process: on our own thread, and once for many changes.
  private void headMayHaveChanged() {
    handler.removeCallbacks(setAlarm);
    handler.post(setAlarm);
  }

  private void setAlarm() {
    Task first = first();
    long atMillis = first == null ? 0 : HandlerWakeUps.millisCeil(first.dueNanos);
    if (atMillis == alarmAtMillis) return;
    alarmAtMillis = atMillis;
    if (first == null) {
      alarms.cancel(alarm);
    } else {
      alarms.setAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, atMillis, alarm);
    }
  }

  private @Nullable Task first() {
    lock.lock();
    try {
      return tasks.peek();
    } finally {
      lock.unlock();
    }
  }

  private boolean remove(Task task) {
    lock.lock();
    try {
      return tasks.remove(task);
    } finally {
      lock.unlock();
    }
  }

  private void runDue() {
    long nowNanos = SystemClock.elapsedRealtimeNanos();
    for (Task task = first(); task != null && task.dueNanos <= nowNanos; task = first()) task.run();
  }

  private final class Alarmed extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
      alarmAtMillis = 0;
      runDue();
      headMayHaveChanged();
    }
  }

  /** Runs once, whoever comes first: the handler, or the alarm after deep sleep. */
  private final class Task implements Runnable, Comparable<Task>, Clock.Timer {
    private final Runnable runnable;
    private final long dueNanos;
    private final long number;

    Task(Runnable runnable, long dueNanos, long number) {
      this.runnable = runnable;
      this.dueNanos = dueNanos;
      this.number = number;
    }

    @Override
    public void run() {
      if (!remove(this)) return;
      handler.removeCallbacks(this);
      headMayHaveChanged();
      runnable.run();
    }

    @Override
    public void stop() {
      if (!remove(this)) return;
      handler.removeCallbacks(this);
      headMayHaveChanged();
    }

    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(dueNanos, other.dueNanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }
}
