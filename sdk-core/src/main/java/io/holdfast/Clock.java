package io.holdfast;

/**
 * Monotonic time, timers and the wall clock: the only source of all three for a connection, so that
 * tests can replace it by a virtual one.
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

  /**
   * Returns milliseconds since 1970, which may go back: only for what must mean something after a
   * restart.
   */
  long wallMillis();

  /** A task that has been scheduled. */
  interface Timer {
    /** Stops the task if it has not begun; otherwise does nothing. */
    void stop();
  }
}
