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
    if (dice.oneIn(8)) addStalledConsumer(steps, dice, length);
    if (dice.oneIn(8)) addSlowUplink(steps, dice, length);
    if (dice.oneIn(12)) addRefusedTokens(steps, dice, length);
    Setup setup =
        Setup.of(
            new Dice(seed, "setup"),
            Speech.of(new Dice(seed, "speech")),
            new Dice(seed, "path"),
            new Dice(seed, "life"),
            new Dice(seed, "heart"),
            Places.of(new Dice(seed, "places")));
    if (setup.storing()) Restarts.add(steps, new Dice(seed, "restarts"), length);
    Silences.add(steps, setup.heart(), new Dice(seed, "silences"), length);
    addAbsences(steps, new Dice(seed, "absences"), length);
    addStops(steps, new Dice(seed, "stops"), length);
    Latenesses.add(steps, setup, new Dice(seed, "latenesses"), length);
    if (setup.speaks()) addMoves(steps, new Dice(seed, "moves"), length);
    // What belongs together may reach beyond, where everything must come right.
    steps.removeIf(step -> step.atNanos() >= length);
    steps.sort(Comparator.comparingLong(Step::atNanos));
    return new Scenario(seed, setup, length, List.copyOf(steps));
  }

  // A part of the kinds for each seed: whoever has everything in every run has most of it drowned
  // out.
  private static void addFaults(List<Step> steps, Dice dice, long length) {
    int oneIn = 1 + dice.below(6);
    List<FaultKind> kinds = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) {
      if (kind.isCommon() && dice.oneIn(oneIn)) kinds.add(kind);
    }
    if (kinds.isEmpty()) return;
    for (int i = 1 + dice.below(16); i > 0; i--) {
      steps.add(dice.one(kinds).at(dice.between(0, length - 1), dice));
    }
  }

  private static void addActs(List<Step> steps, Dice dice, long length) {
    int oneIn = 1 + dice.below(3);
    List<ActKind> kinds = new ArrayList<>();
    for (ActKind kind : ActKind.values()) {
      if (!kind.isCommon()) continue;
      if (kind.isUsual() || dice.oneIn(oneIn)) kinds.add(kind);
    }
    for (int i = 5 + dice.below(30); i > 0; i--) {
      steps.add(dice.one(kinds).at(dice.between(0, length - 1), dice));
    }
  }

  // What chance alone would bring together too seldom.

  /** More comes than the buffer and its overdraft hold, while a pong is awaited. */
  private static void addStalledConsumer(List<Step> steps, Dice dice, long length) {
    long at = dice.between(0, length - 1);
    ActKind blocks = dice.oneIn(2) ? ActKind.BLOCK_CALLBACKS : ActKind.STOP_CONSUMING;
    steps.add(new Act(blocks, at, dice.skewed(1_000, 200_000), dice.seed()));
    steps.add(ActKind.SEND.at(at, dice));
    if (dice.oneIn(2)) steps.add(FaultKind.NO_PONGS.at(at, dice));
    Fault flood =
        dice.oneIn(2)
            ? new Fault(FaultKind.FLOOD, at, 0, dice.between(3_000, 6_000))
            : new Fault(FaultKind.LARGE_FLOOD, at, 0, dice.between(20, 70));
    steps.add(flood);
  }

  /** Nobody looks at the app for a time. */
  private static void addAbsences(List<Step> steps, Dice dice, long length) {
    if (dice.oneIn(2)) return;
    for (int i = 1 + dice.below(4); i > 0; i--) {
      steps.add(ActKind.ENTER_BACKGROUND.at(dice.between(0, length - 1), dice));
    }
  }

  /** The peer asks for another transport, again and again. */
  private static void addMoves(List<Step> steps, Dice dice, long length) {
    if (dice.oneIn(3)) return;
    for (int i = 1 + dice.below(5); i > 0; i--) {
      long at = dice.between(0, length - 1);
      steps.add(ActKind.ASKED_TO_RECONNECT.at(at, dice));
      if (dice.oneIn(2)) steps.add(ActKind.SEND.at(at, dice));
    }
  }

  /** The process is stopped while an answer is on its way. */
  private static void addStops(List<Step> steps, Dice dice, long length) {
    if (dice.below(3) > 0) return;
    for (int i = 1 + dice.below(5); i > 0; i--) {
      long at = dice.between(0, length - 1);
      steps.add((dice.oneIn(2) ? ActKind.SEND_ONE : ActKind.PROBE).at(at, dice));
      steps.add(FaultKind.STOP.at(at + dice.skewed(1_000, 2_000_000_000L), dice));
    }
  }

  /** The send buffer alone takes longer than a heartbeat. */
  private static void addSlowUplink(List<Step> steps, Dice dice, long length) {
    long at = dice.between(0, length - 1);
    steps.add(FaultKind.SLOW_BANDWIDTH.at(at, dice));
    for (int i = 1 + dice.below(4); i > 0; i--) steps.add(ActKind.SEND_LARGE.at(at, dice));
  }

  /** A token expires in one outage, and another in the next. */
  private static void addRefusedTokens(List<Step> steps, Dice dice, long length) {
    for (int i = 0; i < 3; i++) {
      long at = dice.between(0, length - 1);
      steps.add(new Fault(FaultKind.UNAUTHORIZED, at, 0, 1));
      steps.add(FaultKind.RESET.at(at, dice));
    }
  }

  Scenario with(List<Step> fewer) {
    return new Scenario(seed, setup, lengthNanos, List.copyOf(fewer));
  }
}
