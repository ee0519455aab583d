package io.holdfast.simulation;

import java.util.List;

/**
 * Peers that are late where a second transport may be opened, and that answer, turn the second one
 * away, or end the first while it is being opened.
 */
final class Latenesses {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final List<FaultKind> LATE =
      List.of(FaultKind.NO_PONGS, FaultKind.ANSWERS_LATEST_PING, FaultKind.LATENCY_STEP);
  private static final List<FaultKind> REJECTIONS =
      List.of(FaultKind.TOO_MANY_REQUESTS, FaultKind.RETRY_AFTER_SECONDS);
  private static final List<FaultKind> ENDS =
      List.of(FaultKind.RESET, FaultKind.SHEDS_LOAD, FaultKind.FIN);

  private Latenesses() {}

  static void add(List<Step> steps, Setup setup, Dice dice, long lengthNanos) {
    if (!setup.makeBeforeBreak()) return;
    for (int i = dice.below(4); i > 0; i--) {
      late(steps, dice, dice.between(0, lengthNanos - 1), dice.between(10, 60) * SECOND_NANOS);
    }
  }

  private static void late(List<Step> steps, Dice dice, long at, long lasts) {
    FaultKind kind = dice.one(LATE);
    long amount = kind == FaultKind.NO_PONGS ? 0 : dice.between(500, 5_000);
    steps.add(new Fault(kind, at, lasts, amount));
    if (dice.oneIn(2)) {
      steps.add(new Fault(dice.one(REJECTIONS), at, lasts, dice.between(5, 60)));
    }
    for (int i = 1 + dice.below(4); i > 0; i--) {
      long then = at + dice.between(0, lasts);
      steps.add(
          dice.oneIn(4)
              ? new Fault(FaultKind.ADDRESS_CHANGE, then, 0, 1)
              : new Act(ActKind.PROBE, then, 1, dice.seed()));
    }
    if (dice.oneIn(2)) steps.add(dice.one(ENDS).at(at + dice.between(0, lasts), dice));
  }
}
