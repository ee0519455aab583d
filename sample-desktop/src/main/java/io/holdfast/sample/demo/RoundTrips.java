package io.holdfast.sample.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The newest round-trip times. Safe from any thread. */
final class RoundTrips {
  private final int kept;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock; oldest first.
  private final Deque<Duration> newest = new ArrayDeque<>();

  RoundTrips(int kept) {
    this.kept = kept;
  }

  void add(Duration roundTrip) {
    lock.lock();
    try {
      if (newest.size() == kept) newest.removeFirst();
      newest.addLast(roundTrip);
    } finally {
      lock.unlock();
    }
  }

  /** Oldest first. */
  List<Duration> all() {
    lock.lock();
    try {
      return List.copyOf(newest);
    } finally {
      lock.unlock();
    }
  }
}
