package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Clock;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Tasks by the time at which they are due, and then in the order in which they came. */
final class TimerQueue {
  private final PriorityQueue<Entry> entries = new PriorityQueue<>(TimerQueue::compare);
  private long added;
  private int waiting;

  private static int compare(Entry a, Entry b) {
    int byTime = Long.compare(a.atNanos, b.atNanos);
    return byTime != 0 ? byTime : Long.compare(a.number, b.number);
  }

  private final class Entry implements Clock.Timer {
    private final long atNanos;
    private final long number = added++;
    // Null once it has been stopped or taken.
    private @Nullable Runnable task;

    private Entry(long atNanos, Runnable task) {
      this.atNanos = atNanos;
      this.task = task;
    }

    @Override
    public void stop() {
      if (task == null) return;
      task = null;
      waiting--;
    }
  }

  Clock.Timer add(long atNanos, Runnable task) {
    Entry entry = new Entry(atNanos, task);
    entries.add(entry);
    waiting++;
    return entry;
  }

  /** Returns when the next task is due; {@link Long#MAX_VALUE} if there is none. */
  long nextAtNanos() {
    Entry next = entries.peek();
    while (next != null && next.task == null) {
      entries.poll();
      next = entries.peek();
    }
    return next == null ? Long.MAX_VALUE : next.atNanos;
  }

  /** Takes the next task; call only if {@link #nextAtNanos} says that there is one. */
  Runnable take() {
    Entry next = requireNonNull(entries.poll());
    Runnable task = requireNonNull(next.task);
    next.stop();
    return task;
  }

  int waiting() {
    return waiting;
  }
}
