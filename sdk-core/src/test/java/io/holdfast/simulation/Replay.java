package io.holdfast.simulation;

import org.jspecify.annotations.Nullable;

/** One seed again, for a reader: what is needed to break the rule, and what then happens. */
final class Replay {
  private static final String COMMAND =
      "mvn -q -pl sdk-testkit,sdk-core test -Dtest=ReplayTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.seed=";

  private Replay() {}

  /** Returns the command that shows a seed. */
  static String command(long seed) {
    return COMMAND + seed;
  }

  /** Returns the setup, the steps left after shrinking, and the trace of these. */
  static String of(Scenario scenario) {
    Scenario shrunk = Shrinker.shrink(scenario, each -> new World(each, false));
    StringBuilder text = new StringBuilder("seed ").append(scenario.seed()).append('\n');
    text.append(scenario.setup()).append('\n');
    text.append(shrunk.steps().size()).append(" of ").append(scenario.steps().size());
    text.append(" steps are needed:\n");
    for (Step step : shrunk.steps()) text.append(step).append('\n');
    World world = new World(shrunk, true);
    Throwable objection = objectionTo(world);
    text.append(world.trace.text());
    text.append(objection == null ? "no judge objects" : objection.toString()).append('\n');
    return text.toString();
  }

  private static @Nullable Throwable objectionTo(World world) {
    try {
      world.run();
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }
}
