package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.WokeUp;
import io.holdfast.Message;

/** Knows what gives a reason to ask the peer at once, and when something last did. */
abstract class ReasonJudge extends Judge {
  private long askedAtNanos = Long.MIN_VALUE;
  private long wokeAtNanos = Long.MIN_VALUE;
  private int doubts;

  ReasonJudge(World world) {
    super(world);
  }

  final long now() {
    return world.device.elapsedNanos();
  }

  /** Something gives a reason now. */
  final void reason() {
    askedAtNanos = now();
  }

  /** Returns when it was last told that the device woke, or really did. */
  final long wokeAtNanos() {
    return Math.max(wokeAtNanos, world.device.lastWokenNanos());
  }

  @Override
  void begun(SimulatedTransport transport, boolean readOn) {
    reason();
  }

  @Override
  void welcomed(SimulatedTransport transport, Message welcome) {
    reason();
  }

  @Override
  void pingAsked(Life life) {
    reason();
  }

  @Override
  void openedBeside(SimulatedTransport second) {
    reason();
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    if (event instanceof WokeUp) wokeAtNanos = now();
  }

  /** Whether the app, the network, a sleep or a pause has given one since then. */
  final boolean hadReason(SimulatedTransport transport, long sinceNanos) {
    Seen seen = transport.seen;
    Life life = transport.life;
    long since = sinceNanos - slackNanos();
    boolean reason =
        Math.max(askedAtNanos, life.hurriedAtNanos) >= since
            || life.pace.switchedAtNanos() >= since
            || wokeAtNanos() >= since
            || Math.max(seen.resumeAskedAtNanos, seen.pausedAtNanos) >= since;
    if (reason || world.device.doubts() == doubts) return reason;
    // The app may be told a moment later that the device seems to have slept.
    doubts = world.device.doubts();
    return true;
  }
}
