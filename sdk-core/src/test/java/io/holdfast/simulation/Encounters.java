package io.holdfast.simulation;

import java.util.List;

/** Faults and acts that meet, as chance alone would bring them together too seldom. */
final class Encounters {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final List<Step> steps;
  private final Dice dice;
  private final long atNanos;

  private Encounters(List<Step> steps, Dice dice, long lengthNanos) {
    this.steps = steps;
    this.dice = dice;
    atNanos = dice.between(0, lengthNanos - 1);
  }

  static void add(List<Step> steps, Dice dice, long lengthNanos) {
    if (!dice.oneIn(4)) return;
    Encounters encounters = new Encounters(steps, dice, lengthNanos);
    switch (dice.below(8)) {
      case 0 -> encounters.stalledWrite();
      case 1 -> encounters.deafPeer();
      case 2 -> encounters.heldReader();
      case 3 -> encounters.stepByStep();
      case 4 -> encounters.pausesWithoutPong();
      case 5 -> encounters.pingBehindWrite();
      case 6 -> encounters.slowMessages();
      default -> encounters.forgedPongs();
    }
  }

  /**
   * The peer takes nothing for longer than a write may stall, now and then while we do not read.
   */
  private void stalledWrite() {
    boolean held = dice.oneIn(3);
    if (held) act(ActKind.STOP_CONSUMING, 0, 200_000);
    if (held) fault(FaultKind.FLOOD, 0, 0, dice.between(500, 6_000));
    fault(FaultKind.STOPS_READING, 0, dice.between(5, 90), 0);
    for (int i = 0; i < 20; i++) act(ActKind.SEND_LARGE, i, 8);
    for (int i = 0; i < 5; i++) act(ActKind.SEND, dice.below(20), 60);
  }

  /** The peer sends and sends, and answers no ping; perhaps from the first moment on. */
  private void deafPeer() {
    long lasts = dice.between(20, 200);
    long from = dice.oneIn(2) ? -atNanos / SECOND_NANOS : 0;
    fault(FaultKind.NO_PONGS, from, lasts, 0);
    fault(FaultKind.CHATTER, from, lasts, dice.between(200, 2_000));
    for (int i = 0; i < 4; i++) act(ActKind.SEND_ONE, from + dice.below((int) lasts), 1);
  }

  /** A pong lies behind more than the app takes; perhaps the transport is then given up. */
  private void heldReader() {
    act(ActKind.STOP_CONSUMING, 0, dice.between(20_000, 200_000));
    fault(FaultKind.FLOOD, 0, 0, dice.between(200, 1_500));
    act(ActKind.PROBE, 0, 1);
    if (dice.oneIn(2)) act(ActKind.SUSPEND, 1 + dice.below(20), dice.between(10, 500));
  }

  /** The app takes what comes a little at a time, while a pong does not come. */
  private void pausesWithoutPong() {
    long lasts = dice.between(20, 120);
    fault(FaultKind.NO_PONGS, 0, lasts, 0);
    act(ActKind.CONSUME_SLOWLY, 0, dice.between(20, 1_000));
    act(ActKind.SEND_ONE, 0, 1);
    for (int i = 0; i < lasts; i += 5) fault(FaultKind.FLOOD, i, 0, dice.between(10, 500));
    act(ActKind.CONSUME_QUICKLY, lasts, 1);
  }

  /** A pong comes while the next ping lies in a write that stands still. */
  private void pingBehindWrite() {
    long latency = dice.between(500, 4_000);
    fault(FaultKind.LATENCY_STEP, 0, 60, latency);
    act(ActKind.PROBE, 0, 1);
    fault(FaultKind.STOPS_READING, 1, dice.between(5, 60), 0);
    for (int i = 0; i < 10; i++) act(ActKind.SEND_LARGE, 1, 8);
    act(ActKind.PROBE, 1, 1);
  }

  /** Pongs behind messages that take long to come: a few long ones, or very many short ones. */
  private void slowMessages() {
    boolean few = !dice.oneIn(3);
    fault(FaultKind.SLOW_BANDWIDTH, 0, 400, few ? dice.skewed(400, 20_000) : 500);
    fault(FaultKind.TINY_SEGMENTS, 0, 400, few ? 400 : 40);
    if (few) fault(FaultKind.LARGE_FLOOD, 0, 0, dice.between(1, 4));
    else fault(FaultKind.FLOOD, 0, 0, dice.between(300, 1_200));
    act(ActKind.SEND_ONE, 1, 1);
    act(ActKind.PROBE, 2, 1);
  }

  /** Much to send on a slow way that breaks again and again, a little further each time. */
  private void stepByStep() {
    fault(FaultKind.SLOW_BANDWIDTH, 0, 90, dice.between(500, 5_000));
    for (int i = 0; i < 6; i++) act(ActKind.SEND, dice.below(30), 60);
    for (int i = 1; i < 12; i++) {
      boolean ours = dice.oneIn(2);
      if (ours) act(ActKind.SUSPEND, 6L * i, dice.between(10, 200));
      else fault(FaultKind.RESET, 6L * i, 0, dice.below(2));
    }
  }

  /** Pongs come that answer nothing, while what was sent does not arrive. */
  private void forgedPongs() {
    fault(FaultKind.STRANGE_PONGS, 0, 60, 0);
    for (int i = 0; i < 10; i++) {
      fault(dice.oneIn(2) ? FaultKind.BLACK_HOLE_UP : FaultKind.STOPS_READING, 6L * i, 4, 0);
      act(ActKind.SEND, 6L * i + 1, 30);
    }
  }

  private void act(ActKind kind, long afterSeconds, long amount) {
    steps.add(new Act(kind, at(afterSeconds), amount, dice.seed()));
  }

  private void fault(FaultKind kind, long afterSeconds, long lastsSeconds, long amount) {
    steps.add(new Fault(kind, at(afterSeconds), lastsSeconds * SECOND_NANOS, amount));
  }

  private long at(long afterSeconds) {
    return Math.max(0, atNanos + afterSeconds * SECOND_NANOS);
  }
}
