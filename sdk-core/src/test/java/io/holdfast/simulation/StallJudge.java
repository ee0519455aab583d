package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionState.Open;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A consumer that stalls for too long costs its transport. */
final class StallJudge extends Judge {
  // Of the newest connection.
  private @Nullable Life newest;
  private @Nullable SimulatedTransport stalled;
  private long stalledAtNanos;

  StallJudge(World world) {
    super(world);
  }

  @Override
  void event(Life life, ConnectionEvent event) {
    if (life != newest || !(event instanceof ConsumerStalled told)) return;
    stalled = stalledOf(life, told);
    stalledAtNanos = world.device.elapsedNanos();
  }

  // It may be told when another transport is open already; one that took nothing has no number.
  private @Nullable SimulatedTransport stalledOf(Life life, ConsumerStalled told) {
    SimulatedTransport known = life.byGeneration(told.generation());
    return known == null && tellsAtOnce() ? life.newest() : known;
  }

  @Override
  void stepped(Life life) {
    newest = life;
    SimulatedTransport transport = life.newest();
    boolean open = life.state() instanceof Open && transport != null && transport.isOpen();
    if (world.device.asleep() || !open || transport == null) return;
    if (transport != stalled || !transport.readerPaused()) stalled = null;
    Duration limit = world.scenario.setup().stallLimit();
    if (stalled == null || limit.isZero()) return;
    long overdue = sinceWoken(stalledAtNanos) - limit.toNanos();
    require(overdue <= slackNanos(), "a stall ends", "it lasts", overdue, "ns too long");
  }
}
