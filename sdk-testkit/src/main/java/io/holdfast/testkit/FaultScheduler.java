package io.holdfast.testkit;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What a {@link FaultRun} needs of time; a test with a clock of its own brings its own. */
public interface FaultScheduler {
  /** The time now, in nanoseconds since any moment that stays the same. */
  long nanoTime();

  /**
   * Runs {@code task} once, on any thread, when {@code delay} has passed.
   *
   * @param delay not negative
   */
  void schedule(Runnable task, Duration delay);

  /** Real time, on {@code executor}, which stays its owner's to shut down. */
  static FaultScheduler on(ScheduledExecutorService executor) {
    return new FaultScheduler() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      // Whatever the task throws is told by the run.
      @Override
      @SuppressWarnings("FutureReturnValueIgnored")
      public void schedule(Runnable task, Duration delay) {
        executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      }
    };
  }
}
