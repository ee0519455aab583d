package io.holdfast.simulation;

/** The world's own time, which nothing stops, and what is to happen in it. */
final class Agenda {
  private final TimerQueue tasks = new TimerQueue();
  private long nowNanos;

  long nowNanos() {
    return nowNanos;
  }

  void after(long delayNanos, Runnable task) {
    at(nowNanos + Math.max(0, delayNanos), task);
  }

  void at(long atNanos, Runnable task) {
    tasks.add(Math.max(nowNanos, atNanos), task);
  }

  long nextAtNanos() {
    return tasks.nextAtNanos();
  }

  /** Moves time to the next task and runs it. */
  void runNext() {
    moveTo(tasks.nextAtNanos());
    tasks.take().run();
  }

  void moveTo(long atNanos) {
    nowNanos = Math.max(nowNanos, atNanos);
  }
}
