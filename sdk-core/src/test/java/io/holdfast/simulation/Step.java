package io.holdfast.simulation;

/** One thing that a scenario has happen: data, so that a run can do without it. */
sealed interface Step permits Fault, Act {
  /** Returns when, in the world's time. */
  long atNanos();

  /** Has it happen. */
  void happen(World world);
}
