package io.holdfast.internal.driver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final List<String> ran = new ArrayList<>();

  @AfterEach
  void endThreads() throws InterruptedException {
    threads.shutdown();
    assertThat(threads.awaitTermination(10, SECONDS)).isTrue();
  }

  @Test
  void aTaskGivenByATaskRunsAfterItAndNotInside() {
    SerialExecutor lane = new SerialExecutor(Runnable::run);
    lane.execute(
        () -> {
          lane.execute(() -> ran.add("inner"));
          ran.add("outer");
        });
    assertThat(ran).containsExactly("outer", "inner");
  }

  @Test
  void aTaskThatThrowsAnythingDoesNotStopTheNext() {
    SerialExecutor lane = new SerialExecutor(Runnable::run);
    for (Throwable thrown :
        List.of(new RuntimeException("a"), new AssertionError("b"), new IOException("c"))) {
      lane.execute(() -> Sneaky.fail(thrown));
      lane.execute(() -> ran.add("after " + thrown.getMessage()));
    }
    assertThat(ran).containsExactly("after a", "after b", "after c");
  }

  @Test
  void anExecutorThatRefusesOnceDoesNotStopTheLane() throws InterruptedException {
    AtomicBoolean refusing = new AtomicBoolean(true);
    Executor moody =
        task -> {
          if (refusing.getAndSet(false)) throw new RejectedExecutionException("full");
          threads.execute(task);
        };
    SerialExecutor lane = new SerialExecutor(moody);
    CountDownLatch both = new CountDownLatch(2);

    lane.execute(both::countDown);
    lane.execute(both::countDown);

    assertThat(both.await(10, SECONDS)).isTrue();
  }

  @Test
  void anExecutorThatThrowsAnythingElseOnceDoesNotStopTheLaneEither() throws InterruptedException {
    AtomicBoolean failing = new AtomicBoolean(true);
    Executor broken =
        task -> {
          if (failing.getAndSet(false)) throw new IllegalStateException("its looper is gone");
          threads.execute(task);
        };
    SerialExecutor lane = new SerialExecutor(broken);
    CountDownLatch both = new CountDownLatch(2);

    lane.execute(both::countDown);
    lane.execute(both::countDown);

    assertThat(both.await(10, SECONDS)).isTrue();
  }

  @Test
  void anExecutorThatTakesATaskAndThrowsAllTheSameRunsItOnce() throws InterruptedException {
    AtomicBoolean failing = new AtomicBoolean(true);
    Queue<Runnable> kept = new ArrayDeque<>();
    SerialExecutor lane =
        new SerialExecutor(
            task -> {
              kept.add(task);
              if (failing.getAndSet(false)) throw new InternalError("no thread");
            });
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    lane.execute(
        () -> {
          runs.incrementAndGet();
          first.countDown();
        });
    assertThat(first.await(10, SECONDS)).isTrue();

    kept.remove().run();

    assertThat(runs).hasValue(1);
  }

  @Test
  void aBusyLaneLetsAnotherOnTheSameThreadHaveItsTurn() {
    Queue<Runnable> thread = new ArrayDeque<>();
    SerialExecutor busy = new SerialExecutor(thread::add);
    SerialExecutor other = new SerialExecutor(thread::add);
    AtomicInteger busyTasks = new AtomicInteger();
    repeat(busy, busyTasks, 10_000);
    other.execute(() -> ran.add("other after " + (busyTasks.get() < 100 ? "few" : "many")));

    while (!thread.isEmpty()) thread.remove().run();

    assertThat(ran).containsExactly("other after few");
    assertThat(busyTasks).hasValue(10_000);
  }

  @Test
  void aBusyLaneOnTheCallersThreadDeepensNoStack() {
    AtomicInteger tasks = new AtomicInteger();

    repeat(new SerialExecutor(Runnable::run), tasks, 1_000_000);

    assertThat(tasks).hasValue(1_000_000);
  }

  /** Each task gives the next, as long as there are fewer than {@code count}. */
  private static void repeat(SerialExecutor lane, AtomicInteger tasks, int count) {
    lane.execute(
        () -> {
          if (tasks.incrementAndGet() < count) repeat(lane, tasks, count);
        });
  }

  @Test
  void tasksOfManyThreadsRunOneAtATimeInEachThreadsOrder() throws InterruptedException {
    int givers = 4;
    int tasks = 20_000;
    SerialExecutor lane = new SerialExecutor(threads);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    AtomicInteger disorders = new AtomicInteger();
    // Plain fields on purpose: the lane must make each task's writes visible to the next.
    int[] last = new int[givers];
    int[] total = new int[1];
    CountDownLatch done = new CountDownLatch(givers * tasks);
    List<Thread> started = new ArrayList<>();
    for (int giver = 0; giver < givers; giver++) {
      int number = giver;
      started.add(
          Parallel.start(
              () -> {
                for (int i = 1; i <= tasks; i++) {
                  int task = i;
                  lane.execute(
                      () -> {
                        if (running.incrementAndGet() != 1) overlaps.incrementAndGet();
                        if (last[number] != task - 1) disorders.incrementAndGet();
                        last[number] = task;
                        total[0]++;
                        running.decrementAndGet();
                        done.countDown();
                      });
                }
              }));
    }

    assertThat(done.await(30, SECONDS)).isTrue();
    Parallel.join(started);

    assertThat(overlaps).hasValue(0);
    assertThat(disorders).hasValue(0);
    assertThat(total[0]).isEqualTo(givers * tasks);
  }
}
