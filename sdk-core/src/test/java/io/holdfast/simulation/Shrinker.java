package io.holdfast.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a scenario that breaks a rule down to the steps without which it would not: leaves out
 * parts, large ones first, as long as the same rule is broken.
 */
final class Shrinker {
  private final Scenario scenario;
  private final Function<Scenario, World> worlds;
  private final String rule;

  private Shrinker(Scenario scenario, Function<Scenario, World> worlds, String rule) {
    this.scenario = scenario;
    this.worlds = worlds;
    this.rule = rule;
  }

  /** Returns the shorter scenario; the same one if nothing is broken in {@code worlds}. */
  static Scenario shrink(Scenario scenario, Function<Scenario, World> worlds) {
    String rule = brokenIn(worlds.apply(scenario));
    return rule == null ? scenario : new Shrinker(scenario, worlds, rule).shrunk();
  }

  private Scenario shrunk() {
    List<Step> steps = scenario.steps();
    for (int part = Math.max(1, steps.size() / 2); part >= 1; part /= 2) {
      steps = withoutNeedless(steps, part);
    }
    // Once more, one by one: what was needed with the others may not be without them.
    for (int before = -1; before != steps.size(); ) {
      before = steps.size();
      steps = withoutNeedless(steps, 1);
    }
    return scenario.with(steps);
  }

  private List<Step> withoutNeedless(List<Step> all, int part) {
    List<Step> steps = all;
    for (int from = 0; from < steps.size(); ) {
      List<Step> fewer = new ArrayList<>(steps);
      fewer.subList(from, Math.min(from + part, steps.size())).clear();
      if (rule.equals(brokenIn(worlds.apply(scenario.with(fewer))))) steps = fewer;
      else from += part;
    }
    return steps;
  }

  private static @Nullable String brokenIn(World world) {
    try {
      world.run();
      return null;
    } catch (Objection e) {
      return e.rule();
    } catch (RuntimeException | Error e) {
      return e.toString();
    }
  }
}
