package io.holdfast.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A script of faults as data: what happens when, and for how long. Two faults never overlap, and
 * the same seed makes the same plan, everywhere and for ever.
 *
 * <pre>{@code
 * FaultPlan plan = FaultPlan.random(seed, Duration.ofMinutes(1), Duration.ofSeconds(5),
 *     Duration.ofSeconds(3), List.of(new Fault.Reset(), new Fault.ServerDown()));
 * try (FaultRun run = FaultRun.start(plan, proxy, server, FaultScheduler.on(executor))) {
 *   // a client lives through it
 *   run.await(Duration.ofMinutes(2));
 * }
 * }</pre>
 *
 * <p>{@link #toString} gives one line for each step, for the log of a test that failed.
 *
 * @param steps in the order of their times
 */
public record FaultPlan(List<Step> steps) {
  /**
   * One fault of a plan.
   *
   * @param at when it begins, since the run's start
   * @param fault what happens
   * @param lasts after what time everything is healed; zero for a fault that is over as it happens,
   *     such as a reset
   */
  public record Step(Duration at, Fault fault, Duration lasts) {
    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Step {
      if (at.isNegative()) throw new IllegalArgumentException("at must be >= PT0S but was " + at);
      if (lasts.isNegative()) {
        throw new IllegalArgumentException("lasts must be >= PT0S but was " + lasts);
      }
    }

    /** When it is healed, since the run's start. */
    public Duration until() {
      return at.plus(lasts);
    }

    @Override
    public String toString() {
      return at + " " + fault + " for " + lasts;
    }
  }

  /**
   * Checks that no step begins before the one before it has ended, since healing heals all.
   *
   * @throws IllegalArgumentException if one does
   */
  public FaultPlan {
    steps = List.copyOf(steps);
    Duration free = Duration.ZERO;
    for (Step step : steps) {
      if (step.at().compareTo(free) < 0) {
        throw new IllegalArgumentException(
            "a step must begin at or after " + free + " but was " + step);
      }
      free = step.until();
    }
  }

  /** A plan of these steps, which are in order and do not overlap. */
  public static FaultPlan of(Step... steps) {
    return new FaultPlan(List.of(steps));
  }

  /**
   * A plan drawn from a seed: a pause, a fault, a pause, and so on, in whole milliseconds, each
   * length drawn evenly between zero and its longest. Every fault is drawn alike often.
   *
   * @param seed the same seed and arguments give the same plan
   * @param length by when the last fault has ended
   * @param longestPause at least 1 ms
   * @param longestFault not negative
   * @param faults what to draw from; one that is there twice is drawn twice as often
   * @throws IllegalArgumentException if there is no fault, or a time is out of range
   */
  public static FaultPlan random(
      long seed,
      Duration length,
      Duration longestPause,
      Duration longestFault,
      List<? extends Fault> faults) {
    if (faults.isEmpty()) throw new IllegalArgumentException("faults must be >= 1 but was 0");
    check("longest pause", longestPause, Duration.ofMillis(1));
    check("longest fault", longestFault, Duration.ZERO);
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    Duration free = Duration.ZERO;
    while (true) {
      Duration at = free.plus(upTo(longestPause, random)).plusMillis(1);
      Fault fault = faults.get(random.nextInt(faults.size()));
      Step step = new Step(at, fault, upTo(longestFault, random));
      free = step.until();
      if (free.compareTo(length) > 0) return new FaultPlan(steps);
      steps.add(step);
    }
  }

  private static void check(String what, Duration value, Duration least) {
    if (value.compareTo(least) >= 0) return;
    throw new IllegalArgumentException(what + " must be >= " + least + " but was " + value);
  }

  private static Duration upTo(Duration longest, Random random) {
    return Duration.ofMillis((long) (random.nextDouble() * longest.toMillis()));
  }

  /** When the last fault has ended, since the run's start; zero for a plan without steps. */
  public Duration length() {
    return steps.isEmpty() ? Duration.ZERO : steps.get(steps.size() - 1).until();
  }

  @Override
  public String toString() {
    StringBuilder lines = new StringBuilder();
    for (Step step : steps) lines.append(step).append('\n');
    return lines.toString();
  }
}
