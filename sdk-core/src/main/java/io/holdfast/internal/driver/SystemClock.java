package io.holdfast.internal.driver;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Clock;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The real monotonic clock, with one timer thread for all connections, which ends when idle. */
public final class SystemClock implements Clock {
  /** The only one. */
  public static final SystemClock INSTANCE = new SystemClock();

  private final ScheduledThreadPoolExecutor timers;

  private SystemClock() {
    timers =
        new ScheduledThreadPoolExecutor(1, task -> SharedThreads.daemon(task, "holdfast-timer"));
    timers.setRemoveOnCancelPolicy(true);
    timers.setKeepAliveTime(5, SECONDS);
    timers.allowCoreThreadTimeOut(true);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Future<?> future = timers.schedule(task, delayNanos, NANOSECONDS);
    return () -> future.cancel(false);
  }
}
