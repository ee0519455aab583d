package io.holdfast.simulation;

/** Runs seeds. */
public final class Seeds {
  private Seeds() {}

  /**
   * Runs one seed.
   *
   * @throws AssertionError what the first judge to object says, with the command that shows why
   */
  public static void check(long seed) {
    try {
      new World(Scenario.of(seed), false).run();
    } catch (RuntimeException | Error e) {
      throw failure(seed, e);
    }
  }

  static AssertionError failure(long seed, Throwable objection) {
    return new AssertionError(
        "seed " + seed + ": " + objection.getMessage() + "\n" + Replay.command(seed), objection);
  }
}
