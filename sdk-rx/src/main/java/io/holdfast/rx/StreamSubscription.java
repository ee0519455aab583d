package io.holdfast.rx;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * One subscriber of a hot stream: gives it items one at a time and no faster than it asks, and
 * parks the rest. How much may be parked is the stream's affair.
 */
abstract class StreamSubscription<T> implements Subscription {
  private final Subscriber<? super T> subscriber;
  private final AtomicLong requested = new AtomicLong();
  private final Queue<T> parked;

  // Any thread may bring a signal; the one that finds none before it emits for all until none is
  // left,
  // so that calls to the subscriber are serial and a request from inside onNext adds no stack.
  private final AtomicInteger signals = new AtomicInteger();

  // Written by the thread that emits.
  private final AtomicLong emitted = new AtomicLong();

  private volatile boolean noMoreItems;
  private volatile @Nullable IllegalArgumentException badRequest;
  private volatile boolean over;

  StreamSubscription(Subscriber<? super T> subscriber) {
    this(subscriber, new ConcurrentLinkedQueue<>());
  }

  /** Parks in a queue of the caller's, which may drop items but not its last one. */
  StreamSubscription(Subscriber<? super T> subscriber, Queue<T> parked) {
    this.subscriber = subscriber;
    this.parked = parked;
  }

  /** More was asked for, or what was parked has been emitted. No lock is held. */
  void advanced() {}

  /** Nothing will be told any more. May be called twice. No lock is held. */
  abstract void released();

  final boolean isOver() {
    return over;
  }

  final long requested() {
    return requested.get();
  }

  final long emitted() {
    return emitted.get();
  }

  /** Takes one item. Called by one thread at a time, and not after {@link #end}. */
  final void next(T item) {
    if (over) return;
    if (signals.compareAndSet(0, 1)) {
      if (parked.isEmpty() && hasDemand()) {
        emit(item);
      } else {
        parked.add(item);
      }
      drain();
    } else {
      parked.add(item);
      signal();
    }
  }

  /** Completes the subscriber once it has taken what is parked. */
  final void end() {
    noMoreItems = true;
    signal();
  }

  @Override
  public final void request(long count) {
    if (count > 0) {
      requested.accumulateAndGet(count, StreamSubscription::saturatingSum);
    } else {
      // Rule 3.9 of Reactive Streams.
      badRequest = new IllegalArgumentException("request must be positive but was " + count);
    }
    signal();
    advanced();
  }

  @Override
  public final void cancel() {
    if (over) return;
    over = true;
    released();
    signal(); // Lets go of what is parked.
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) drain();
  }

  private void drain() {
    int handled = 1;
    do {
      emitWhatMayBe();
      handled = signals.addAndGet(-handled);
    } while (handled != 0);
  }

  private void emitWhatMayBe() {
    while (!over) {
      // Read before the queue: what was parked before the end is told before it.
      boolean last = noMoreItems;
      IllegalArgumentException failure = badRequest;
      if (failure != null) {
        finish();
        subscriber.onError(failure);
      } else if (parked.isEmpty()) {
        if (!last) return;
        finish();
        subscriber.onComplete();
      } else if (hasDemand()) {
        emit(parked.remove());
      } else {
        return;
      }
    }
    parked.clear();
  }

  private void emit(T item) {
    emitted.lazySet(emitted.get() + 1);
    try {
      subscriber.onNext(item);
    } catch (Throwable thrown) {
      // A subscriber that throws is as good as cancelled (rule 2.13). The thread that ran it gets
      // what it
      // threw; as that leaves the signals as they are, nothing is ever emitted here again.
      cancel();
      parked.clear();
      throw thrown;
    }
  }

  private void finish() {
    over = true;
    released();
  }

  private boolean hasDemand() {
    return emitted.get() < requested.get();
  }

  private static long saturatingSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
