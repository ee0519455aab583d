package io.holdfast.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that a seed makes: the setup, and what happens when. Faults end by {@code lengthNanos}; then
 * comes fair weather.
 */
record Scenario(long seed, Setup setup, long lengthNanos, List<Step> steps) {

  static Scenario of(long seed) {
    Dice dice = new Dice(seed, "scenario");
    long length = dice.skewed(20_000_000_000L, 400_000_000_000L);
    List<Step> steps = new ArrayList<>();
    addFaults(steps, dice, length);
    addActs(steps, dice, length);
    Encounters.add(steps, new Dice(seed, "encounters"), length);
    steps.sort(Comparator.comparingLong(Step::atNanos));
    return new Scenario(seed, Setup.of(new Dice(seed, "setup")), length, List.copyOf(steps));
  }

  // A part of the kinds for each seed: whoever has everything in every run has most of it drowned
  // out.
  private static void addFaults(List<Step> steps, Dice dice, long length) {
    int oneIn = 1 + dice.below(6);
    List<FaultKind> kinds = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) if (dice.oneIn(oneIn)) kinds.add(kind);
    if (kinds.isEmpty()) return;
    for (int i = 1 + dice.below(16); i > 0; i--) {
      steps.add(dice.one(kinds).at(dice.between(0, length - 1), dice));
    }
  }

  private static void addActs(List<Step> steps, Dice dice, long length) {
    int oneIn = 1 + dice.below(3);
    List<ActKind> kinds = new ArrayList<>();
    for (ActKind kind : ActKind.values()) {
      if (kind.isUsual() || dice.oneIn(oneIn)) kinds.add(kind);
    }
    for (int i = 5 + dice.below(30); i > 0; i--) {
      steps.add(dice.one(kinds).at(dice.between(0, length - 1), dice));
    }
  }

  Scenario with(List<Step> fewer) {
    return new Scenario(seed, setup, lengthNanos, List.copyOf(fewer));
  }
}
