package io.holdfast.testkit;

/**
 * Hears of a {@link FaultRun}'s steps, for a log or a display. Calls come one at a time, on the
 * scheduler's threads, with no lock held.
 */
public interface FaultListener {
  /** The step's fault is about to begin; when it was in effect is in {@link FaultRun#reports}. */
  default void onBeginning(FaultPlan.Step step) {}

  /** The step has lasted, and everything is about to be healed. */
  default void onHealing(FaultPlan.Step step) {}
}
