package io.holdfast.benchmarks;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.benchmarks.subject.Arrivals;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Counts what comes, and lets one thread wait for a count. */
final class Tally implements Arrivals {
  private static final long PATIENCE_NANOS = SECONDS.toNanos(30);
  private static final long NOBODY = Long.MAX_VALUE;

  // Only the receiving thread counts.
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong awaited = new AtomicLong(NOBODY);
  private volatile @Nullable Thread waiting;
  // Kept, as an app keeps it: else the compiler would spare some subjects the object.
  private @Nullable Object last;

  @Override
  public void message(Object message, int bytes) {
    last = message;
    long now = count.get() + 1;
    count.set(now);
    long wanted = awaited.get();
    // Compared, for the waiter may have seen the count by itself and want another by now.
    if (now >= wanted && awaited.compareAndSet(wanted, NOBODY)) LockSupport.unpark(waiting);
  }

  /** Returns how many have come. */
  long count() {
    return count.get();
  }

  /** Returns the message that came last, null if none has. */
  @Nullable Object last() {
    return last;
  }

  /** Waits until {@code wanted} have come in all. */
  void await(long wanted) {
    if (count.get() >= wanted) return;
    waiting = Thread.currentThread();
    awaited.set(wanted);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (count.get() < wanted) {
      long left = deadline - System.nanoTime();
      if (left <= 0) throw new IllegalStateException("only " + count + " of " + wanted + " came");
      LockSupport.parkNanos(this, left);
    }
    awaited.set(NOBODY);
  }
}
