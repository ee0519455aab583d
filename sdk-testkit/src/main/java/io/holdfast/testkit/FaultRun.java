package io.holdfast.testkit;

import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link FaultPlan} against a proxy and the server behind it: begins each fault at
 * its time, and heals everything when it has lasted. Steps are done one after the other, on the
 * scheduler's threads; a step that is late makes no other fall out.
 *
 * <p>Until the run is done it alone should say verbs to its proxy and server, for its healing heals
 * what others did. Safe from any thread.
 */
public final class FaultRun implements Closeable {
  private final FaultPlan plan;
  private final FaultProxy proxy;
  private final TestServer server;
  private final FaultScheduler scheduler;
  private final FaultListener listener;
  private final long startedAtNanos;
  private final Changes changes = new Changes();
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below, and is held while a verb is said.
  private final List<FaultReport> reports = new ArrayList<>();
  private boolean done;
  private @Nullable RuntimeException failure;

  private FaultRun(
      FaultPlan plan,
      FaultProxy proxy,
      TestServer server,
      FaultScheduler scheduler,
      FaultListener listener) {
    this.plan = plan;
    this.proxy = proxy;
    this.server = server;
    this.scheduler = scheduler;
    this.listener = listener;
    this.startedAtNanos = scheduler.nanoTime();
  }

  /** Starts a run, whose time begins now. Returns at once. */
  public static FaultRun start(
      FaultPlan plan, FaultProxy proxy, TestServer server, FaultScheduler scheduler) {
    return start(plan, proxy, server, scheduler, new FaultListener() {});
  }

  /**
   * Starts a run whose steps {@code listener} hears of. What it throws ends the run, as a fault
   * that cannot be done does.
   */
  public static FaultRun start(
      FaultPlan plan,
      FaultProxy proxy,
      TestServer server,
      FaultScheduler scheduler,
      FaultListener listener) {
    FaultRun run = new FaultRun(plan, proxy, server, scheduler, listener);
    run.step(() -> run.schedule(0));
    return run;
  }

  /** The faults that have taken effect, oldest first. */
  public List<FaultReport> reports() {
    lock.lock();
    try {
      return List.copyOf(reports);
    } finally {
      lock.unlock();
    }
  }

  /** True once the last fault is healed, or the run was closed or has failed. */
  public boolean isDone() {
    lock.lock();
    try {
      return done;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the run is done, for at most {@code timeout} of real time.
   *
   * @return false if it is not
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws IllegalStateException if a step has failed, which ended the run; its cause tells why
   */
  public boolean await(Duration timeout) throws InterruptedException {
    boolean inTime = changes.await(this::isDone, timeout);
    lock.lock();
    try {
      if (failure != null) throw new IllegalStateException("a fault could not be done", failure);
    } finally {
      lock.unlock();
    }
    return inTime;
  }

  /** Begins no more faults and heals the one in effect. When done: no effect. */
  @Override
  public void close() {
    step(
        () -> {
          done = true;
          Fault.heal(proxy, server);
        });
  }

  private void schedule(int number) {
    if (number == plan.steps().size()) {
      done = true;
      return;
    }
    FaultPlan.Step next = plan.steps().get(number);
    at(next.at(), () -> begin(next, number));
  }

  private void begin(FaultPlan.Step next, int number) {
    tell(() -> listener.onBeginning(next));
    step(
        () -> {
          int met = next.fault().begin(proxy, server);
          reports.add(new FaultReport(next, now(), met));
          at(next.until(), () -> heal(next, number));
        });
  }

  private void heal(FaultPlan.Step last, int number) {
    tell(() -> listener.onHealing(last));
    step(
        () -> {
          Fault.heal(proxy, server);
          schedule(number + 1);
        });
  }

  /** Without the lock, since the listener may wait for who holds it. */
  private void tell(Runnable call) {
    if (isDone()) return;
    try {
      call.run();
    } catch (RuntimeException e) {
      step(
          () -> {
            throw e;
          });
    }
  }

  private void at(Duration time, Runnable action) {
    Duration left = time.minus(now());
    scheduler.schedule(action, left.isNegative() ? Duration.ZERO : left);
  }

  private Duration now() {
    return Duration.ofNanos(scheduler.nanoTime() - startedAtNanos);
  }

  /** Does {@code action} unless the run is done; what it throws ends the run. */
  private void step(Runnable action) {
    lock.lock();
    try {
      if (!done) action.run();
    } catch (RuntimeException e) {
      done = true;
      failure = e;
    } finally {
      lock.unlock();
    }
    // Without the lock: who waits takes it to look.
    changes.signal();
  }
}
