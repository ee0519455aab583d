package io.holdfast.storm;

import io.holdfast.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time for tens of thousands of timers. A timer that is stopped stays in the queue, empty,
 * until its time comes, so that stopping one costs nothing.
 */
final class StormClock implements Clock {
  private final PriorityQueue<Scheduled> timers =
      new PriorityQueue<>(
          Comparator.<Scheduled>comparingLong(timer -> timer.atNanos)
              .thenComparingLong(timer -> timer.number));
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private long nowNanos;
  private long scheduled;

  private final class Scheduled implements Timer {
    private final long atNanos;
    private final long number = scheduled++;
    private @Nullable Runnable task;

    private Scheduled(Runnable task, long atNanos) {
      this.task = task;
      this.atNanos = atNanos;
    }

    @Override
    public void stop() {
      task = null;
    }
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public long wallMillis() {
    return nowNanos / 1_000_000;
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Scheduled timer = new Scheduled(task, nowNanos + Math.max(0, delayNanos));
    timers.add(timer);
    return timer;
  }

  /** Runs tasks in the order given, before time moves on; never at once. */
  Executor executor() {
    return tasks::add;
  }

  /** Moves time on to {@code untilNanos}, stopping at each deadline on the way. */
  void runUntil(long untilNanos) {
    runTasks();
    for (Scheduled next = timers.peek();
        next != null && next.atNanos <= untilNanos;
        next = timers.peek()) {
      timers.remove();
      nowNanos = next.atNanos;
      if (next.task != null) next.task.run();
      runTasks();
    }
    nowNanos = untilNanos;
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
  }
}
