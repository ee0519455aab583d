package io.holdfast;

/**
 * Monotonic time and timers: the only source of both for a connection, so that tests can replace it
 * by a virtual one.
 */
public interface Clock {

  /** Returns nanoseconds from an arbitrary origin, never going back. */
  long nanoTime();

  /**
   * Runs {@code task} once, {@code delayNanos} from now or a little later. The task is short and
   * never blocks.
   *
   * @return what stops it
   */
  Timer schedule(Runnable task, long delayNanos);

  /** A task that has been scheduled. */
  interface Timer {
    /** Stops the task if it has not begun; otherwise does nothing. */
    void stop();
  }
}
