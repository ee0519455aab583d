package io.holdfast.simulation;

import io.holdfast.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The operating system under the app: threads, timers and the monotonic clock. While it sleeps no
 * task runs, no timer fires and no packet passes; its clock goes on or stands still.
 */
final class Device implements Clock, Executor {
  private static final long A_SECOND_NANOS = 1_000_000_000L;
  // 2020.
  private static final long EPOCH_MILLIS = 1_577_836_800_000L;

  private final Agenda agenda;
  private final Conditions conditions;
  private final Dice dice;
  private final TimerQueue timers = new TimerQueue();
  private final List<Runnable> tasks = new ArrayList<>();
  // A monotonic clock has no zero, and may overflow.
  private final long originNanos;
  private boolean asleep;
  private boolean onlyStopped;
  private boolean clockStopped;
  private long asleepSinceNanos;
  private long lostNanos;
  private long lastWokenNanos;
  private long wokenBeforeNanos;
  private long oversleptNanos;
  private final List<Runnable> heldCallbacks = new ArrayList<>();
  private long callbacksBlockedUntilNanos;
  private int late;
  private long wallStepMillis;
  private int doubts;

  Device(Agenda agenda, Conditions conditions, Dice dice) {
    this.agenda = agenda;
    this.conditions = conditions;
    this.dice = dice;
    originNanos =
        switch (dice.below(4)) {
          case 0 -> 0;
          case 1 -> Long.MAX_VALUE - dice.between(1, 300_000_000_000L);
          case 2 -> -dice.between(1, 300_000_000_000L);
          default -> dice.seed();
        };
  }

  // ---- Clock

  @Override
  public long nanoTime() {
    return originNanos + elapsedNanos();
  }

  @Override
  public long wallMillis() {
    return EPOCH_MILLIS + wallStepMillis + agenda.nowNanos() / 1_000_000;
  }

  void stepWallClock(long seconds) {
    wallStepMillis += seconds * 1_000;
    doubts++;
  }

  /** Returns the same time as {@link #nanoTime}, counted from zero. */
  long elapsedNanos() {
    return (clockStopped ? asleepSinceNanos : agenda.nowNanos()) - lostNanos;
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    long at = elapsedNanos() + Math.max(0, delayNanos);
    return timers.add(at < 0 ? Long.MAX_VALUE : at, task);
  }

  /** Returns when, in the world's time, the next timer fires. */
  long nextTimerAtNanos() {
    long at = timers.nextAtNanos();
    return asleep || at == Long.MAX_VALUE ? Long.MAX_VALUE : at + lostNanos;
  }

  void fireTimer() {
    agenda.moveTo(nextTimerAtNanos());
    timers.take().run();
  }

  int timers() {
    return timers.waiting();
  }

  // ---- Threads

  /** Runs tasks in any order, as a pool of threads might; never at once. */
  @Override
  public void execute(Runnable task) {
    if (conditions.holds(FaultKind.SLOW_THREADS) && dice.oneIn(3)) {
      conditions.hit(FaultKind.SLOW_THREADS);
      late++;
      agenda.after(
          dice.between(0, conditions.amount(FaultKind.SLOW_THREADS) * 1_000_000L),
          () -> {
            late--;
            tasks.add(task);
          });
    } else {
      tasks.add(task);
    }
  }

  /** Runs {@code task} on a thread that is slow. */
  void executeLate(Runnable task, long delayNanos) {
    agenda.after(delayNanos, () -> execute(task));
  }

  /** The app's own executor, which the app may block. */
  void executeCallback(Runnable task) {
    if (agenda.nowNanos() >= callbacksBlockedUntilNanos) execute(task);
    else heldCallbacks.add(task);
  }

  void blockCallbacks(long forNanos) {
    callbacksBlockedUntilNanos = Math.max(callbacksBlockedUntilNanos, agenda.nowNanos() + forNanos);
    agenda.at(callbacksBlockedUntilNanos, this::runHeldCallbacks);
  }

  private void runHeldCallbacks() {
    if (agenda.nowNanos() < callbacksBlockedUntilNanos) return;
    heldCallbacks.forEach(this::execute);
    heldCallbacks.clear();
  }

  /** Whether the app may not have been told all. */
  boolean callbacksBehind() {
    return agenda.nowNanos() < callbacksBlockedUntilNanos + A_SECOND_NANOS;
  }

  // What was to be told while it slept.
  private void tellsOnlyNow() {
    boolean behind = callbacksBlockedUntilNanos + A_SECOND_NANOS > asleepSinceNanos;
    if (behind) {
      callbacksBlockedUntilNanos = Math.max(callbacksBlockedUntilNanos, agenda.nowNanos());
    }
  }

  void unblockCallbacks() {
    callbacksBlockedUntilNanos = Math.min(callbacksBlockedUntilNanos, agenda.nowNanos());
    runHeldCallbacks();
  }

  /** Runs one task; returns whether there was one. */
  boolean runTask() {
    if (asleep || tasks.isEmpty()) return false;
    tasks.remove(dice.below(tasks.size())).run();
    return true;
  }

  int tasks() {
    return tasks.size() + late + heldCallbacks.size();
  }

  // ---- Sleep

  boolean asleep() {
    return asleep;
  }

  /** Returns since when, in its own time, it has been awake. */
  long lastWokenNanos() {
    return lastWokenNanos;
  }

  /** Returns how long after that it woke last. */
  long wokenAfterNanos() {
    return lastWokenNanos - wokenBeforeNanos;
  }

  /** Returns how long its clock went on in its last sleep. */
  long oversleptNanos() {
    return oversleptNanos;
  }

  /** Returns how often a connection has had a reason to think that it slept. */
  int doubts() {
    return doubts;
  }

  /** Whether it neither sends nor receives. */
  boolean isOff() {
    return asleep && !onlyStopped;
  }

  /** The process is stopped, and the kernel is not. */
  void stop() {
    sleep(false);
    onlyStopped = true;
  }

  void sleep(boolean stopClock) {
    asleepSinceNanos = agenda.nowNanos();
    asleep = true;
    clockStopped = stopClock;
  }

  void wake() {
    if (!asleep) return;
    asleep = false;
    onlyStopped = false;
    doubts++;
    long sleptNanos = agenda.nowNanos() - asleepSinceNanos;
    if (clockStopped) lostNanos += sleptNanos;
    oversleptNanos = clockStopped ? 0 : sleptNanos;
    clockStopped = false;
    tellsOnlyNow();
    wokenBeforeNanos = lastWokenNanos;
    lastWokenNanos = elapsedNanos();
  }
}
