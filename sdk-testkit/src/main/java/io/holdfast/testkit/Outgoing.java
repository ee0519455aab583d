package io.holdfast.testkit;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What an unruly session has still to write: first what was queued, then the flood. */
final class Outgoing {
  private static final long LIMIT_BYTES = 16L * 1024 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // The lock guards the fields below.
  private final Deque<ByteString> queued = new ArrayDeque<>();
  private Iterator<ByteString> flood = Collections.emptyIterator();
  private long queuedBytes;
  private boolean ended;

  /** Queues {@code bytes}; false if the end was queued before, or 16 MiB are. */
  boolean add(ByteString bytes) {
    lock.lock();
    try {
      if (ended || queuedBytes + bytes.size() > LIMIT_BYTES) return false;
      queued.add(bytes);
      queuedBytes += bytes.size();
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Replaces the flood. */
  boolean flood(Iterator<ByteString> frames) {
    lock.lock();
    try {
      if (ended) return false;
      flood = frames;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing comes after what is queued; the flood ends. */
  void end() {
    lock.lock();
    try {
      ended = true;
      flood = Collections.emptyIterator();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next bytes to write; null at the end. */
  @Nullable ByteString take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queued.isEmpty() && !flood.hasNext()) {
        if (ended) return null;
        changed.await();
      }
      ByteString next = queued.poll();
      if (next == null) return flood.next();
      queuedBytes -= next.size();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** True if {@link #take} would have to wait. */
  boolean isEmpty() {
    lock.lock();
    try {
      return queued.isEmpty() && !flood.hasNext();
    } finally {
      lock.unlock();
    }
  }
}
