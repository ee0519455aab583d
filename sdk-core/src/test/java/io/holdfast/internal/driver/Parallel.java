package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Threads of a test. */
final class Parallel {
  private Parallel() {}

  /** A task that may be interrupted. */
  interface Task {
    void run() throws InterruptedException;
  }

  static Thread start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (InterruptedException e) {
                // Whoever interrupts it wants it to end.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }
}
