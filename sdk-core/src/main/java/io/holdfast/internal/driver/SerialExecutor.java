package io.holdfast.internal.driver;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time and in order on the threads of another executor. Any thread may add one;
 * nobody waits. A task that throws is logged, and the next one runs.
 */
final class SerialExecutor implements Executor {
  private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

  // Then it is another's turn: lanes may share one thread, such as an Android app's main one.
  private static final int TASKS_OF_A_TURN = 32;

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
    if (pending.getAndIncrement() == 0) startDrain(this::drain);
  }

  private void startDrain(Runnable drain) {
    AtomicBoolean begun = new AtomicBoolean();
    // An executor may have kept what it says that it did not take.
    Runnable once =
        () -> {
          if (begun.compareAndSet(false, true)) drain.run();
        };
    try {
      threads.execute(once);
    } catch (Throwable e) {
      // Whatever it is: the task counts as added, and whoever adds another relies on a drain that
      // runs.
      log.warn("The app's executor refused a task, which runs on a thread of ours", e);
      SharedThreads.io().execute(once);
    }
  }

  private void drain() {
    int ran = 0;
    do {
      if (ran == TASKS_OF_A_TURN) {
        if (new Turn().isGiven()) return;
        ran = 0;
      }
      runNext();
      ran++;
    } while (pending.decrementAndGet() > 0);
  }

  private void runNext() {
    Runnable task = tasks.poll();
    // Between add and increment of another thread nothing can be missing: we count after adding.
    if (task == null) throw new AssertionError("a task was counted but not added");
    try {
      task.run();
    } catch (Throwable e) {
      // Whatever it is: if it passed, the lane would stand still for ever.
      log.error("A task threw", e);
    }
  }

  /** The rest of a drain, run later, unless the executor runs its tasks at once. */
  private final class Turn implements Runnable {
    // The giver's thread owns the fields below.
    private final Thread giver = Thread.currentThread();
    private boolean giving;
    private boolean refused;

    boolean isGiven() {
      giving = true;
      startDrain(this);
      giving = false;
      return !refused;
    }

    @Override
    public void run() {
      // A drain inside the drain would deepen the stack with each turn.
      if (Thread.currentThread() == giver && giving) refused = true;
      else drain();
    }
  }
}
