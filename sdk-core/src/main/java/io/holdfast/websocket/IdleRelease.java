package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Clock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Has something freed once it has not been used for a while. */
final class IdleRelease {
  /** It is freed after one to two of these. */
  static final long LOOK_NANOS = SECONDS.toNanos(30);

  private final Clock clock;
  private final Runnable release;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private Clock.@Nullable Timer timer;
  private boolean inUse;
  private boolean usedSince;
  private boolean closed;

  IdleRelease(Clock clock, Runnable release) {
    this.clock = clock;
    this.release = release;
  }

  /** Keeps it until {@link #leave}. */
  void use() {
    lock.lock();
    try {
      inUse = true;
      usedSince = true;
      if (timer == null && !closed) timer = clock.schedule(this::look, LOOK_NANOS);
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      inUse = false;
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    lock.lock();
    try {
      timer = null;
      if (closed) return;
      if (inUse || usedSince) {
        usedSince = false;
        timer = clock.schedule(this::look, LOOK_NANOS);
      } else {
        release.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is freed for good. For the release, which runs under the lock. */
  boolean isClosed() {
    return closed;
  }

  /** Frees it for good. By whoever uses it. */
  void close() {
    lock.lock();
    try {
      closed = true;
      if (timer != null) timer.stop();
      timer = null;
      release.run();
    } finally {
      lock.unlock();
    }
  }
}
