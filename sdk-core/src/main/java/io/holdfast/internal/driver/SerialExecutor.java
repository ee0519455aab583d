package io.holdfast.internal.driver;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
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
    if (pending.getAndIncrement() == 0) threads.execute(this::drain);
  }

  private void drain() {
    do {
      Runnable task = tasks.poll();
      // Between add and increment of another thread nothing can be missing: we count after adding.
      if (task == null) throw new AssertionError("a task was counted but not added");
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.error("A task threw", e);
      }
    } while (pending.decrementAndGet() > 0);
  }
}
