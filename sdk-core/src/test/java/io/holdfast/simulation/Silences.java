package io.holdfast.simulation;

import java.util.List;

/** What heartbeats are there for: ways that forget, peers that say nothing, memories that fail. */
final class Silences {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final List<FaultKind> TROUBLES =
      List.of(FaultKind.MEMORY_FAILS, FaultKind.MEMORY_SLOW, FaultKind.MEMORY_LIES);

  private final List<Step> steps;
  private final Dice dice;
  private final long lengthNanos;

  private Silences(List<Step> steps, Dice dice, long lengthNanos) {
    this.steps = steps;
    this.dice = dice;
    this.lengthNanos = lengthNanos;
  }

  static void add(List<Step> steps, Heart heart, Dice dice, long lengthNanos) {
    Silences silences = new Silences(steps, dice, lengthNanos);
    if (heart.learns()) silences.whileLearning();
    if (heart.has(Heart.Kind.ASKS)) {
      silences.some(FaultKind.ANSWERS_NO_QUESTION);
      silences.some(FaultKind.QUESTION_THROWS);
    }
    if (heart.hasOtherSigns() && silences.dice.oneIn(4)) silences.lostPong();
    if (heart.has(Heart.Kind.LISTENS)) {
      silences.some(FaultKind.SAYS_NOTHING);
      if (silences.dice.oneIn(4)) silences.unheard();
    }
  }

  /** A pong is lost for which messages wait, while more has come than the app takes. */
  private void lostPong() {
    long at = dice.between(0, lengthNanos - 1);
    steps.add(new Act(ActKind.BLOCK_CALLBACKS, at, dice.skewed(2_000, 40_000), 0));
    steps.add(ActKind.SEND.at(at, dice));
    steps.add(new Fault(FaultKind.NO_PONGS, at, dice.between(5, 60) * SECOND_NANOS, 0));
    steps.add(new Fault(FaultKind.FLOOD, at, 0, dice.between(4_200, 5_500)));
  }

  /** It says nothing more once the app takes nothing, and then not for long. */
  private void unheard() {
    long at = dice.between(0, lengthNanos - 1);
    steps.add(new Act(ActKind.STOP_CONSUMING, at, dice.skewed(1_000, 60_000), 0));
    steps.add(new Fault(FaultKind.FLOOD, at, 0, dice.between(100, 1_500)));
    steps.add(new Fault(FaultKind.SAYS_NOTHING, at, 200 * SECOND_NANOS, 0));
  }

  private void whileLearning() {
    if (!dice.oneIn(4)) {
      FaultKind kind = dice.oneIn(2) ? FaultKind.NAT_FORGETS : FaultKind.NAT_RESETS;
      steps.add(new Fault(kind, 0, lengthNanos, dice.skewed(2, 60)));
    }
    for (int i = dice.oneIn(2) ? dice.below(5) : 0; i > 0; i--) {
      steps.add(dice.one(TROUBLES).at(dice.between(0, lengthNanos - 1), dice));
    }
    // What has been learnt is to be remembered.
    for (int i = dice.oneIn(3) ? 1 + dice.below(3) : 0; i > 0; i--) {
      steps.add(ActKind.CLOSE.at(dice.between(0, lengthNanos - 1), dice));
    }
    if (dice.oneIn(4)) absence();
    if (dice.oneIn(4)) longOutage();
  }

  /** Nobody looks at it, nearly all the time. */
  private void absence() {
    steps.add(new Act(ActKind.ENTER_BACKGROUND, SECOND_NANOS, lengthNanos / 1_000_000, 0));
  }

  /** So long after a silence nobody knows any more what it was that ended it. */
  private void longOutage() {
    // Most is learnt at first, and so most transports are lost.
    long at = dice.skewed(1, 40) * SECOND_NANOS;
    steps.add(new Fault(FaultKind.REFUSED, at, dice.between(90, 150) * SECOND_NANOS, 0));
  }

  private void some(FaultKind kind) {
    for (int i = dice.oneIn(2) ? 1 + dice.below(3) : 0; i > 0; i--) {
      long at = dice.between(0, lengthNanos - 1);
      steps.add(kind.at(at, dice));
      if (dice.oneIn(2)) steps.add(ActKind.SEND.at(at + dice.skewed(1, 40) * SECOND_NANOS, dice));
    }
  }
}
