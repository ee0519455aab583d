package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.ReconnectHint;
import io.holdfast.RequestContext;
import io.holdfast.queue.Recovered;
import io.holdfast.queue.SendQueue;
import io.holdfast.queue.StoredMessage;
import io.holdfast.transport.OutboundBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Consumer;
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
        new StoreJudge(world),
        new InboundJudge(world),
        new ReliableJudge(world),
        new RequestJudge(world),
        new StateJudge(world),
        new MemoryJudge(world),
        new PolicyJudge(world),
        new PlaceJudge(world),
        new LivenessJudge(world),
        new StallJudge(world),
        new LogJudge(world),
        new HandoverJudge(world),
        new OutageJudge(world),
        new SupplyJudge(world),
        new IntervalJudge(world),
        new LessonJudge(world),
        new SignJudge(world),
        new EndJudge(world));
  }

  void object(String rule, String what) {
    if (objection != null) return;
    world.trace.note("judge", rule + ": " + what);
    objection = new Objection(rule, what);
  }

  /** Tells all of them something of which nobody else keeps note. */
  void tell(Consumer<Judge> what) {
    judges.forEach(what);
  }

  // ---- Told by the world

  void opening(Life life) {
    for (Judge judge : judges) judge.opening(life);
  }

  void accepted(Sent sent) {
    for (Judge judge : judges) judge.accepted(sent);
  }

  void handed(SimulatedTransport transport, OutboundBatch batch) {
    for (Message message : batch.messages()) {
      if (Question.asks(message)) {
        questioned(transport);
        continue;
      }
      world.app.encoded(message);
      Sent sent = world.app.carriedBy(message);
      if (sent == null) {
        spoke(transport, message);
        continue;
      }
      if (world.trace.isOn()) world.trace.note("transport", "takes " + sent);
      if (speaks()) for (Judge judge : judges) judge.encoded(sent, message);
      for (Judge judge : judges) judge.handed(transport, sent);
      sent.handedOn.add(transport);
      sent.written = false;
      sent.pinged = false;
      transport.inFlight().add(sent);
      transport.seen.handedMessages++;
      transport.seen.handedBytes += sent.message.size() + 14;
      transport.seen.lastHandedIndex = sent.index;
    }
    byte[] ping = batch.ping();
    if (ping == null) return;
    for (Judge judge : judges) judge.pinged(transport);
    Seen.Confirms confirms = transport.toConfirm();
    for (Sent sent : transport.inFlight()) sent.pinged = true;
    transport.seen.pinged(ping, confirms, world.device.elapsedNanos());
  }

  private boolean speaks() {
    return world.scenario.setup().speaks();
  }

  private void spoke(SimulatedTransport transport, Message message) {
    if (world.trace.isOn()) world.trace.note("transport", "takes " + Wire.name(message));
    for (Judge judge : judges) judge.spoke(transport, message);
  }

  private void questioned(SimulatedTransport transport) {
    if (world.trace.isOn()) world.trace.note("transport", "takes a question");
    for (Judge judge : judges) judge.questioned(transport);
  }

  void written(SimulatedTransport transport, OutboundBatch batch) {
    transport.seen.writeProgressAtNanos = world.device.elapsedNanos();
    transport.seen.flushed(transport.readerPaused(), world.device.elapsedNanos());
    for (Message message : batch.messages()) {
      if (Question.asks(message)) tell(judge -> judge.questionWritten(transport));
      Sent sent = world.app.carriedBy(message);
      if (sent == null) continue;
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

  // ---- Told of a send queue

  void recovered(Life life, Recovered recovered) {
    life.queueOpen = true;
    if (world.disk.beginsAnew()) directoryLost();
    for (Judge judge : judges) judge.recovered(life, recovered);
    NavigableMap<Long, Sent> stored = world.app.stored();
    List<Sent> left = new ArrayList<>();
    for (Recovered.Kept kept : recovered.messages()) {
      if (stored.containsKey(kept.sequence())) left.add(world.app.left(life, kept));
    }
    life.recover(left);
    stored.clear();
    for (Sent sent : left) stored.put(sent.sequence, sent);
    for (Sent sent : left) for (Judge judge : judges) judge.left(sent);
    if (world.trace.isOn()) world.trace.note("disk", life + " finds " + left);
  }

  private void directoryLost() {
    world.app.stored().clear();
    for (Judge judge : judges) judge.directoryLost();
  }

  void toldRecovered(Life life, List<Delivery> deliveries) {
    for (Judge judge : judges) judge.toldRecovered(life, deliveries);
  }

  void appended(Sent sent, StoredMessage stored, long sequence) {
    sent.sequence = sequence;
    sent.appendedAtMillis = world.device.wallMillis();
    for (Judge judge : judges) judge.appended(sent, stored);
    world.app.stored().put(sequence, sent);
    if (world.trace.isOn()) world.trace.note("disk", "is given " + sent + " as " + sequence);
  }

  void durable(Sent sent, long sequence) {
    sent.durable = true;
    if (sequence != sent.sequence) object("an id is one message's", sent + " is " + sequence);
    for (Judge judge : judges) judge.durable(sent);
    if (world.trace.isOn()) world.trace.note("disk", "has " + sent);
  }

  void queued(Sent sent) {
    for (Judge judge : judges) judge.queued(sent);
  }

  void refused(Sent sent, SendQueue.Refusal refusal) {
    sent.refusal = refusal;
    if (world.trace.isOn()) world.trace.note("disk", "refuses " + sent + ", " + refusal.reason());
  }

  void toldAccepted(Sent sent) {
    for (Judge judge : judges) judge.toldAccepted(sent);
  }

  void released(Life life, long sequence) {
    Sent sent = world.app.stored().get(sequence);
    if (sent == null) {
      object("released once its fate is known", sequence + " is no message");
      return;
    }
    for (Judge judge : judges) judge.released(life, sent);
    if (world.trace.isOn()) world.trace.note("disk", "lets go of " + sent);
  }

  void handing(Life life) {
    for (Judge judge : judges) judge.handing(life);
  }

  void mayHand(Life life, boolean onDisk) {
    for (Judge judge : judges) judge.mayHand(life, onDisk);
    if (world.trace.isOn()) world.trace.note("disk", "knows of a transport: " + onDisk);
  }

  void mayNotHand(Life life, long upTo) {
    for (Judge judge : judges) judge.mayNotHand(life, upTo);
    if (world.trace.isOn()) world.trace.note("disk", "knows of no transport, up to " + upTo);
  }

  void queueClosed(Life life) {
    life.queueClosed = true;
    for (Judge judge : judges) judge.queueClosed(life);
    if (world.trace.isOn()) world.trace.note("disk", "is closed for " + life);
  }

  // ---- Told by connections

  void state(Life life, ConnectionState state) {
    for (Judge judge : judges) judge.state(life, state);
  }

  void event(Life life, ConnectionEvent event) {
    for (Judge judge : judges) judge.event(life, event);
  }

  void attempted(Life life) {
    for (Judge judge : judges) judge.attempted(life);
  }

  void requestAsked(Life life, long number, RequestContext context) {
    for (Judge judge : judges) judge.requestAsked(life, number, context);
  }

  void requestAnswered(Life life, long number) {
    for (Judge judge : judges) judge.requestAnswered(life, number);
  }

  void started(SimulatedTransport transport) {
    transport.seen.startedAtNanos = world.device.elapsedNanos();
    for (Judge judge : judges) judge.started(transport);
  }

  void opened(SimulatedTransport transport) {
    transport.seen.opened(world.device.elapsedNanos());
    if (!speaks()) transport.seen.readyAtNanos = world.device.elapsedNanos();
    for (Judge judge : judges) judge.opened(transport);
  }

  void openedBeside(SimulatedTransport transport) {
    transport.seen.openedBesideAtNanos = world.device.elapsedNanos();
    for (Judge judge : judges) judge.openedBeside(transport);
  }

  void reconnectAsked(Life life, ReconnectHint hint) {
    if (world.trace.isOn()) world.trace.note("app", life + " is asked to move: " + hint);
    life.wasAskedToMove |= hint.drain();
    life.wasNamedAPlace |= hint.endpoint() != null;
    for (Judge judge : judges) judge.reconnectAsked(life, hint);
    if (hasPlaces(life)) life.asked(hint.delay().toMillis());
  }

  void pingAsked(Life life) {
    if (life.dead) return;
    for (Judge judge : judges) judge.pingAsked(life);
  }

  void networkChanged(Life life) {
    if (life.dead) return;
    for (Judge judge : judges) judge.networkChanged(life);
  }

  void hurried(Life life) {
    if (life.dead) return;
    for (Judge judge : judges) judge.hurried(life);
  }

  void begun(SimulatedTransport transport, boolean readOn) {
    for (Judge judge : judges) judge.begun(transport, readOn);
  }

  void bytesRead(SimulatedTransport transport) {
    transport.seen.lastByteAtNanos = world.device.elapsedNanos();
  }

  void messageBegun(SimulatedTransport transport) {
    transport.seen.messageBegunAtNanos = world.device.elapsedNanos();
  }

  void reading(SimulatedTransport transport, Message message) {
    long longNanos = transport.life.pace.shortestTimeout(0).toNanos() / 2;
    transport.seen.messageRead(longNanos, world.device.elapsedNanos());
    for (Judge judge : judges) judge.reading(transport, message);
  }

  void read(SimulatedTransport transport, Message message, boolean readOn) {
    if (!readOn) transport.seen.paused(world.device.elapsedNanos());
    Message toApp = forApp(transport, message);
    for (Judge judge : judges) judge.read(transport, toApp, readOn);
  }

  private @Nullable Message forApp(SimulatedTransport transport, Message message) {
    if (!world.app.pulse().isAnswer(message)) {
      return speaks() ? heard(transport, message) : message;
    }
    if (world.trace.isOn()) world.trace.note("transport", "has read an answer");
    return null;
  }

  private @Nullable Message heard(SimulatedTransport transport, Message message) {
    if (world.trace.isOn()) world.trace.note("transport", "has read " + Wire.name(message));
    Dialogue dialogue = transport.life.dialogue;
    Seen seen = transport.seen;
    if (Wire.isWelcome(message)) {
      for (Judge judge : judges) judge.welcomed(transport, message);
      seen.readyAtNanos = world.device.elapsedNanos();
      Application application = requireNonNull(world.server.application());
      dialogue.welcomed(application.key(transport.flow()), message);
    } else if (Wire.isAcknowledgement(message)) {
      seen.acknowledged(Wire.acknowledged(message), world.device.elapsedNanos());
    }
    for (Judge judge : judges) judge.heard(transport);
    boolean toApp = Wire.isData(message) && dialogue.delivers(message);
    return toApp ? Wire.payload(message) : null;
  }

  // ---- Told by the server's application

  void done(Application.Key session, long number) {
    if (world.trace.isOn()) world.trace.note("server", "has done number " + number);
    for (Judge judge : judges) judge.done(session, number);
  }

  void violated(Flow flow, String rule) {
    if (world.trace.isOn()) world.trace.note("server", flow + ": " + rule);
    for (Judge judge : judges) judge.violated(flow, rule);
  }

  void pushed(Application.Key session, long sequence) {
    for (Judge judge : judges) judge.pushed(session, sequence);
  }

  void acknowledgedByApp(Application.Key session, long sequence) {
    for (Judge judge : judges) judge.acknowledgedByApp(session, sequence);
  }

  // ---- Told by transports

  void readLate(SimulatedTransport transport, Message message) {
    if (world.app.pulse().isAnswer(message)) return;
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
    SimulatedTransport used = transport.life.newest();
    boolean beside = used != null && used.isInUse();
    if (beside || hasPlaces(transport.life)) transport.life.asked(Policy.bidMillis(rejected));
    for (Judge judge : judges) judge.rejected(transport, rejected);
  }

  private boolean hasPlaces(Life life) {
    return life.wasNamedAPlace || world.scenario.setup().places().isList();
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
    if (!life.dead) for (Judge judge : judges) judge.stepped(life);
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
