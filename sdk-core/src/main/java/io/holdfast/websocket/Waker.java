package io.holdfast.websocket;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where one thread waits for work and any thread wakes it. The waiting thread first clears, then
 * looks for work, then waits: a wake-up after the clearing ends the wait, one before it told of
 * work that the look has found.
 */
final class Waker {
  private volatile boolean woken;
  private volatile @Nullable Thread waiting;

  /** Costs two volatile accesses, or one, while nobody waits. */
  void wake() {
    if (woken) return;
    woken = true;
    Thread thread = waiting;
    if (thread != null) LockSupport.unpark(thread);
  }

  void clear() {
    woken = false;
  }

  /** Waits for a {@link #wake} since the last {@link #clear}. */
  void await() throws InterruptedIOException {
    Thread self = Thread.currentThread();
    waiting = self;
    try {
      while (!woken) {
        // Okio's reads and writes fail in the same way, and a park would not park.
        if (self.isInterrupted()) throw new InterruptedIOException("interrupted");
        LockSupport.park(this);
      }
    } finally {
      waiting = null;
    }
  }
}
