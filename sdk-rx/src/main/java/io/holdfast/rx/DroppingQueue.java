package io.holdfast.rx;

import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue for one thread that adds and one that removes, which takes every item and drops
 * one if it is full. A drop never leaves it empty, so the thread that removes finds what it saw.
 */
final class DroppingQueue<T> extends AbstractQueue<T> {
  private final int capacity;
  private final boolean dropsOldest;
  private final Lock lock = new ReentrantLock();

  // Guarded by `lock`.
  private final Queue<T> items = new ArrayDeque<>();

  DroppingQueue(int capacity, boolean dropsOldest) {
    this.capacity = capacity;
    this.dropsOldest = dropsOldest;
  }

  @Override
  public boolean offer(T item) {
    lock.lock();
    try {
      boolean full = items.size() == capacity;
      if (full && dropsOldest) items.remove();
      if (!full || dropsOldest) items.add(item);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable T poll() {
    lock.lock();
    try {
      return items.poll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable T peek() {
    lock.lock();
    try {
      return items.peek();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Iterator<T> iterator() {
    lock.lock();
    try {
      return List.copyOf(items).iterator();
    } finally {
      lock.unlock();
    }
  }
}
