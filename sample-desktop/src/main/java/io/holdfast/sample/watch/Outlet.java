package io.holdfast.sample.watch;

import io.holdfast.Delivery;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sends messages, and makes whoever sends wait while many are under way, so that a long input is
 * read no faster than it is delivered. Safe from any thread.
 */
final class Outlet {
  // Far below what the outbox holds by default, so that it never rejects what waited here.
  private static final int MOST_MESSAGES = 1_000;
  private static final long MOST_BYTES = 4 << 20;

  private final ManagedConnection connection;
  private final SendOptions options;
  private final boolean waits;
  private final LongSupplier nanoTime;
  private final Consumer<Ended> listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // The lock guards the fields below.
  private int messages;
  private long sent;
  private long bytes;
  private boolean stopped;

  /**
   * Makes one.
   *
   * @param waits whether to wait for room; otherwise the outbox says what happens when it is full
   * @param listener told of each message's end, on the connection's callback thread
   */
  Outlet(
      ManagedConnection connection,
      SendOptions options,
      boolean waits,
      LongSupplier nanoTime,
      Consumer<Ended> listener) {
    this.connection = connection;
    this.options = options;
    this.waits = waits;
    this.nanoTime = nanoTime;
    this.listener = listener;
  }

  /** Sends a message once there is room; false, and nothing is sent, after {@link #stop}. */
  boolean send(long number, Message message) throws InterruptedException {
    if (!enter(message.size())) return false;
    long sentAtNanos = nanoTime.getAsLong();
    Delivery delivery = connection.send(message, options);
    delivery.whenEnded(
        fate -> {
          Duration took = Duration.ofNanos(nanoTime.getAsLong() - sentAtNanos);
          listener.accept(new Ended(number, message.size(), fate, took));
          leave(message.size());
        });
    return true;
  }

  /** Sends nothing from now on; what is under way goes on. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many messages were sent; after {@link #stop}, for good. */
  long sent() {
    lock.lock();
    try {
      return sent;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every message has ended; false if they have not within {@code limit}. */
  boolean awaitEmpty(Duration limit) throws InterruptedException {
    long leftNanos = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (messages > 0) {
        if (leftNanos <= 0) return false;
        leftNanos = changed.awaitNanos(leftNanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean enter(int size) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!stopped && waits && isFull(size)) changed.await();
      if (stopped) return false;
      messages++;
      sent++;
      bytes += size;
      return true;
    } finally {
      lock.unlock();
    }
  }

  // A message larger than all room goes alone.
  private boolean isFull(int size) {
    return messages >= MOST_MESSAGES || (messages > 0 && bytes + size > MOST_BYTES);
  }

  private void leave(int size) {
    lock.lock();
    try {
      messages--;
      bytes -= size;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
