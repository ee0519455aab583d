package io.holdfast.simulation;

import io.holdfast.Assurance;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Fate;
import io.holdfast.Message;
import java.time.Duration;
import java.util.List;

/**
 * What transports are given: in order, with nothing left out; a second time only after the loss of
 * the first; none before readiness, or to a transport that is over.
 */
final class OrderJudge extends Judge {
  private static final String ORDER = "order is kept";
  private static final String AGAIN = "sent again only in doubt";
  private static final String READY = "no traffic before readiness";

  OrderJudge(World world) {
    super(world);
  }

  @Override
  void pinged(SimulatedTransport transport) {
    belongsToOpen(transport);
  }

  @Override
  void questioned(SimulatedTransport transport) {
    // A thread that was late takes what nobody sends any more.
    if (!transport.isOver()) belongsToOpen(transport);
  }

  @Override
  void handed(SimulatedTransport transport, Sent sent) {
    belongsToOpen(transport);
    require(!sent.life.sendingPaused, "a pause of sending holds", sent);
    require(sent.life == transport.life, READY, sent, "is another connection's");
    inOrder(transport, sent);
    mayBeSent(transport, sent);
    Duration timeToLive = sent.options.timeToLive();
    if (timeToLive == null) return;
    long ageNanos = world.device.elapsedNanos() - sent.sentAtNanos;
    require(ageNanos < timeToLive.toNanos(), "expires in time", sent, "is", ageNanos, "ns old");
  }

  private void belongsToOpen(SimulatedTransport transport) {
    require(transport.isOpen(), READY, "a transport that is not open takes");
    require(!transport.isClosing(), READY, "a transport takes after its Close");
    ConnectionState state = transport.life.state();
    if (!(state instanceof Open open)) {
      object(READY, "a transport takes while", state);
      return;
    }
    Seen seen = transport.seen;
    if (seen.generation == 0) seen.generation = open.generation();
    require(seen.generation == open.generation(), READY, "an older transport takes");
    require(transport == transport.life.newest(), READY, "an older transport takes");
  }

  // Everything accepted before it has had its fate, or its turn on this transport.
  private void inOrder(SimulatedTransport transport, Sent sent) {
    int last = transport.seen.lastHandedIndex;
    require(sent.index > last, ORDER, sent, "comes after", last);
    List<Sent> all = sent.life.sent;
    int first = last >= 0 ? last + 1 : sent.life.settledBefore();
    for (int i = first; i < sent.index; i++) {
      boolean settled = all.get(i).fate() != null || all.get(i).isUntold();
      require(settled, ORDER, all.get(i), "is left out before", sent);
    }
  }

  private void mayBeSent(SimulatedTransport transport, Sent sent) {
    require(sent.fate() == null, AGAIN, sent, "has ended", sent.fate());
    boolean forbidden = sent.options.atMostOnce() && sent.wasHanded();
    require(!forbidden, AGAIN, sent, "forbids it");
    if (sent.handedOn.isEmpty()) return;
    require(sent.losses < world.scenario.setup().resendLimit(), AGAIN, sent, "has had its turns");
    for (SimulatedTransport before : sent.handedOn) {
      boolean left = before.isOver() || before.isClosing();
      require(before != transport && left, AGAIN, sent, "is still on its way");
    }
    boolean done = sent.written && sent.options.assurance() == Assurance.WRITTEN;
    require(!done, AGAIN, sent, "was written");
  }

  // ---- How often it was in flight on a transport that was lost

  @Override
  void ponged(SimulatedTransport transport, int covered) {
    for (Sent sent : transport.inFlight()) {
      if (sent.fate() instanceof Fate.Confirmed) {
        transport.life.confirmations++;
        break;
      }
    }
    transport.forgetEnded();
  }

  @Override
  void heard(SimulatedTransport transport) {
    boolean confirms = false;
    for (Sent sent : transport.life.sent) {
      if (!sent.isAcknowledged() || sent.counted) continue;
      sent.counted = true;
      confirms = true;
    }
    if (confirms) transport.life.confirmations++;
    transport.forgetEnded();
  }

  @Override
  void spoke(SimulatedTransport transport, Message message) {
    require(transport.isOpen() && !transport.isClosing(), READY, "a transport takes a message");
    require(transport == transport.life.newest(), READY, "an older transport takes a message");
  }

  @Override
  void ended(SimulatedTransport transport) {
    for (Sent sent : transport.inFlight()) {
      if (sent.fate() != null) continue;
      if (sent.lossEpoch != transport.life.confirmations) sent.losses = 0;
      sent.lossEpoch = transport.life.confirmations;
      sent.losses++;
    }
  }
}
