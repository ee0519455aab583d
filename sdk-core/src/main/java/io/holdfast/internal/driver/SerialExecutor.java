package io.holdfast.internal.driver;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time and in order on the threads of another executor. Any thread may add one;
 * nobody waits. A task that throws is logged, and the next one runs.
 */
final class SerialExecutor implements Executor {
  private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor threads;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  // Tasks added and not yet finished: whoever raises it from zero starts the drain.
  private final AtomicInteger pending = new AtomicInteger();

  SerialExecutor(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) startDrain();
  }

  private void startDrain() {
    try {
      threads.execute(this::drain);
    } catch (RejectedExecutionException e) {
      // The task counts as added, and whoever adds another relies on a drain that runs.
      log.warn("The app's executor refused a task, which runs on a thread of ours", e);
      SharedThreads.io().execute(this::drain);
    }
  }

  private void drain() {
    do {
      Runnable task = tasks.poll();
      // Between add and increment of another thread nothing can be missing: we count after adding.
      if (task == null) throw new AssertionError("a task was counted but not added");
      try {
        task.run();
      } catch (Throwable e) {
        // Whatever it is: if it passed, the lane would stand still for ever.
        log.error("A task threw", e);
      }
    } while (pending.decrementAndGet() > 0);
  }
}
