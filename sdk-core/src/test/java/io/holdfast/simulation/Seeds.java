package io.holdfast.simulation;

/** One seeded life and its judges. */
public final class Seeds {
  private Seeds() {}

  /** Throws if a judge objects to the life with {@code seed}. */
  public static void check(long seed) {
    SeededRun run = new SeededRun(seed);
    run.run();
    new Judges(run).judge();
  }
}
