package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionState;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.transport.OutboundBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All judges of a run. What one says in a callback, where it would be swallowed, is kept. */
final class Judges {
  private final World world;
  private final List<Judge> judges;
  private @Nullable Objection objection;

  Judges(World world, List<Judge> judges) {
    this.world = world;
    this.judges = judges;
  }

  /** Returns one of each kind. */
  static List<Judge> all(World world) {
    return List.of(
        new FateJudge(world),
        new OrderJudge(world),
        new InboundJudge(world),
        new RequestJudge(world),
        new StateJudge(world),
        new MemoryJudge(world),
        new PolicyJudge(world),
        new LivenessJudge(world),
        new LogJudge(world),
        new EndJudge(world));
  }

  void object(String rule, String what) {
    if (objection != null) return;
    world.trace.note("judge", rule + ": " + what);
    objection = new Objection(rule, what);
  }

  // ---- Told by the world

  void accepted(Sent sent) {
    for (Judge judge : judges) judge.accepted(sent);
  }

  void handed(SimulatedTransport transport, OutboundBatch batch) {
    for (Message message : batch.messages()) {
      Sent sent = world.app.sent(message);
      if (world.trace.isOn()) world.trace.note("transport", "takes " + sent);
      for (Judge judge : judges) judge.handed(transport, sent);
      sent.handedOn.add(transport);
      sent.written = false;
      transport.inFlight().add(sent);
      transport.seen.handedMessages++;
      transport.seen.handedBytes += message.size() + 14;
      transport.seen.lastHandedIndex = sent.index;
    }
    byte[] ping = batch.ping();
    if (ping == null) return;
    for (Judge judge : judges) judge.pinged(transport);
    transport.seen.pinged(ping, world.device.elapsedNanos());
  }

  void written(SimulatedTransport transport, OutboundBatch batch) {
    transport.seen.writeProgressAtNanos = world.device.elapsedNanos();
    transport.seen.flushed(world.device.elapsedNanos());
    for (Message message : batch.messages()) {
      Sent sent = world.app.sent(message);
      sent.written = true;
      for (Judge judge : judges) judge.written(transport, sent);
    }
  }

  void writeBegun(SimulatedTransport transport) {
    transport.seen.writeProgressAtNanos = world.device.elapsedNanos();
  }

  void writeProgressed(SimulatedTransport transport) {
    transport.seen.writeProgressed(world.device.elapsedNanos());
  }

  void ponged(SimulatedTransport transport, byte[] payload) {
    int covered = transport.seen.ponged(payload, world.device.elapsedNanos());
    transport.life.everPonged |= transport.seen.ponged;
    for (Judge judge : judges) judge.ponged(transport, covered);
  }

  void readByPeer(Sent sent, Flow flow) {
    sent.readByPeer++;
    for (Judge judge : judges) judge.readByPeer(sent, flow);
  }

  void fate(Sent sent, Fate fate) {
    sent.told++;
    for (Judge judge : judges) judge.fate(sent, fate);
  }

  void fateToSecond(Sent sent) {
    for (Judge judge : judges) judge.fateToSecond(sent);
  }

  void state(Life life, ConnectionState state) {
    for (Judge judge : judges) judge.state(life, state);
  }

  void event(Life life, ConnectionEvent event) {
    for (Judge judge : judges) judge.event(life, event);
  }

  void attempted(Life life) {
    for (Judge judge : judges) judge.attempted(life);
  }

  void started(SimulatedTransport transport) {
    transport.seen.startedAtNanos = world.device.elapsedNanos();
    for (Judge judge : judges) judge.started(transport);
  }

  void opened(SimulatedTransport transport) {
    transport.seen.opened(world.device.elapsedNanos());
    for (Judge judge : judges) judge.opened(transport);
  }

  void pingAsked(Life life) {
    for (Judge judge : judges) judge.pingAsked(life);
  }

  void hurried(Life life) {
    for (Judge judge : judges) judge.hurried(life);
  }

  void begun(SimulatedTransport transport, boolean readOn) {
    for (Judge judge : judges) judge.begun(transport, readOn);
  }

  void bytesRead(SimulatedTransport transport) {
    transport.seen.lastByteAtNanos = world.device.elapsedNanos();
  }

  void reading(SimulatedTransport transport, Message message) {
    for (Judge judge : judges) judge.reading(transport, message);
  }

  void read(SimulatedTransport transport, Message message, boolean readOn) {
    if (!readOn) transport.seen.paused(world.device.elapsedNanos());
    for (Judge judge : judges) judge.read(transport, message, readOn);
  }

  void readLate(SimulatedTransport transport, Message message) {
    for (Judge judge : judges) judge.readLate(transport, message);
  }

  void readerResumed(SimulatedTransport transport) {
    transport.seen.resumed(world.device.elapsedNanos());
  }

  void ended(SimulatedTransport transport) {
    transport.seen.endedAtNanos = world.device.elapsedNanos();
    for (Judge judge : judges) judge.ended(transport);
  }

  void rejected(SimulatedTransport transport, HandshakeRejected rejected) {
    for (Judge judge : judges) judge.rejected(transport, rejected);
  }

  void received(Life life, Message message) {
    for (Judge judge : judges) judge.received(life, message);
  }

  void receivedAll(Life life) {
    for (Judge judge : judges) judge.receivedAll(life);
  }

  void receivedAnew(Life life) {
    for (Judge judge : judges) judge.receivedAnew(life);
  }

  /** Throws what has been said, if anything. */
  void stepped() {
    Life life = world.app.now();
    for (Judge judge : judges) judge.stepped(life);
    throwObjection();
  }

  void finished() {
    for (Judge judge : judges) judge.finished();
    throwObjection();
  }

  private void throwObjection() {
    if (objection != null) throw objection;
  }
}
