package io.holdfast.simulation;

import java.util.List;

/** Ends of the process, and what a disk may do, for whoever keeps messages on one. */
final class Restarts {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final List<FaultKind> TROUBLES =
      List.of(
          FaultKind.DISK_FULL, FaultKind.SYNCS_FAIL, FaultKind.WRITES_FAIL, FaultKind.SLOW_DISK);

  private final List<Step> steps;
  private final Dice dice;
  private final long lengthNanos;

  private Restarts(List<Step> steps, Dice dice, long lengthNanos) {
    this.steps = steps;
    this.dice = dice;
    this.lengthNanos = lengthNanos;
  }

  static void add(List<Step> steps, Dice dice, long lengthNanos) {
    Restarts restarts = new Restarts(steps, dice, lengthNanos);
    for (int i = dice.below(5); i > 0; i--) restarts.kill(dice.between(0, lengthNanos - 1));
    for (int i = dice.below(3); i > 0; i--) restarts.killInTraffic();
    if (dice.oneIn(2)) restarts.closeWithoutNetwork();
    if (dice.oneIn(10))
      steps.add(FaultKind.DIRECTORY_GONE.at(dice.between(0, lengthNanos - 1), dice));
    for (int i = dice.oneIn(2) ? dice.below(5) : 0; i > 0; i--) {
      steps.add(dice.one(TROUBLES).at(dice.between(0, lengthNanos - 1), dice));
    }
  }

  private void kill(long atNanos) {
    FaultKind kind = dice.oneIn(3) ? FaultKind.POWER_CUT : FaultKind.KILL;
    steps.add(kind.at(atNanos, dice));
  }

  /** Just when messages are on their way: to the disk, to the server, or back from there. */
  private void killInTraffic() {
    long at = dice.between(0, lengthNanos - 1);
    for (int i = 1 + dice.below(3); i > 0; i--) steps.add(ActKind.SEND.at(at, dice));
    kill(at + dice.skewed(10_000, 3 * SECOND_NANOS));
  }

  /** What was sent without a network is there again in the next life. */
  private void closeWithoutNetwork() {
    long at = dice.between(0, lengthNanos - 1);
    steps.add(FaultKind.NETWORK_LOST.at(at, dice));
    steps.add(ActKind.SEND.at(at + SECOND_NANOS, dice));
    long then = at + dice.skewed(1, 20) * SECOND_NANOS;
    if (dice.oneIn(2)) steps.add(ActKind.CLOSE.at(then, dice));
    else kill(then);
  }
}
