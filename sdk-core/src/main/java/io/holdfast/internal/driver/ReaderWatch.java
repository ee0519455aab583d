package io.holdfast.internal.driver;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.holdfast.Clock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a reader relieved that has been calling the app for too long: for more than one and at most
 * two of the looks that are taken while messages come. So no call costs a timer, and none runs at
 * rest.
 */
final class ReaderWatch {
  /** From one look to the next. */
  static final long LOOK_NANOS = MILLISECONDS.toNanos(10);

  private static final Logger log = LoggerFactory.getLogger(ReaderWatch.class);

  private final Clock clock;
  private final ReentrantLock lock;
  private final Runnable look = this::look;

  // The lock owns the fields below.
  private boolean looking;
  private boolean begunSince;
  private boolean seen;
  // Of the call under way, until the reader is to be relieved. Written under the lock, read by
  // anyone.
  private volatile @Nullable Runnable relief;

  ReaderWatch(Clock clock, ReentrantLock lock) {
    this.clock = clock;
    this.lock = lock;
  }

  /**
   * A reader begins to call the app. Under the lock.
   *
   * @return whether {@link #scheduleLook} must follow, without the lock
   */
  boolean begin(Runnable relief) {
    this.relief = relief;
    seen = false;
    begunSince = true;
    boolean first = !looking;
    looking = true;
    return first;
  }

  /** Whether a reader is calling the app and need not be relieved. */
  boolean isOn() {
    return relief != null;
  }

  /** It calls the app no more. Under the lock. */
  void end() {
    relief = null;
  }

  /** Returns false if the clock, which may be the app's, took no timer: then no call may go on. */
  boolean scheduleLook() {
    try {
      clock.schedule(look, LOOK_NANOS);
      return true;
    } catch (Throwable e) {
      log.error("The clock threw", e);
      stop();
      return false;
    }
  }

  private void stop() {
    lock.lock();
    try {
      relief = null;
      looking = false;
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    Runnable due;
    boolean again;
    lock.lock();
    try {
      due = seen ? relief : null;
      if (due != null) relief = null;
      seen = relief != null;
      again = looking = seen || begunSince;
      begunSince = false;
    } finally {
      lock.unlock();
    }
    if (due != null) relieve(due);
    if (again) scheduleLook();
  }

  private static void relieve(Runnable due) {
    try {
      due.run();
    } catch (Throwable e) {
      log.warn("No thread reads while a message listener takes long", e);
    }
  }
}
