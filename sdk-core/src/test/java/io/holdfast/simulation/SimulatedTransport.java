package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Message;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transport of the simulated device: an {@link Attempt}, then a reader and a writer, each as a
 * thread of its own would run, over one {@link Flow}.
 */
final class SimulatedTransport implements Transport {
  private static final long MOST_BATCH_BYTES = 64 << 10;

  final Life life;
  final Seen seen = new Seen();
  private final World world;
  private final Dice dice;
  private @Nullable OutboundSource source;
  private @Nullable TransportSink sink;
  private @Nullable Flow flow;
  private final List<Sent> inFlight = new ArrayList<>();
  private String subprotocol = "";
  private int place;
  private boolean opened;
  private boolean over;
  // Open beside another, which the connection uses.
  private boolean beside;
  // Another has taken its place, and it is closed in good order.
  private boolean retired;

  // The reader's.
  private boolean readerPaused;
  private boolean resumed;
  private boolean telling;
  // How many resumes it has been told less than pauses.
  private int owedResumes;
  private boolean readScheduled;
  private boolean toldBegun;

  // The writer's.
  private final OutboundBatch batch = new OutboundBatch();
  private final long batchBytes;
  private boolean writing;
  private boolean writeScheduled;
  private int closeCode;
  private boolean closeSent;

  SimulatedTransport(World world, Life life, Dice dice) {
    this.world = world;
    this.life = life;
    this.dice = dice;
    batchBytes = dice.oneIn(2) ? MOST_BATCH_BYTES : dice.skewed(300, MOST_BATCH_BYTES);
  }

  /** Whether the connection may use it. */
  boolean isOpen() {
    return isWorking() && !retired;
  }

  /** Whether the connection is done with it. */
  boolean isOver() {
    return over || retired;
  }

  /** Whether nothing of it is left. */
  boolean isGone() {
    return over;
  }

  /** Whether another took its place before it was over. */
  boolean isRetired() {
    return retired;
  }

  /** Whether it is open beside another, which the connection uses. */
  boolean isBeside() {
    return beside && isOpen();
  }

  private boolean isWorking() {
    return opened && !over;
  }

  /** Whether it is open and has not been told to close: none after it is used. */
  boolean isInUse() {
    return isOpen() && !isClosing();
  }

  /** Returns where it went. */
  int place() {
    return place;
  }

  boolean readerPaused() {
    return readerPaused;
  }

  boolean isWriting() {
    return writing;
  }

  boolean isClosing() {
    return closeCode != 0;
  }

  /** Returns what it was handed and had no fate when last looked at. */
  List<Sent> inFlight() {
    return inFlight;
  }

  /** Whether the peer is to say something, a pong or by the protocol, that ends messages. */
  boolean awaitsConfirmation() {
    boolean speaks = world.scenario.setup().speaks();
    if (speaks && isOpen() && seen.readyAtNanos == 0) return true;
    if (!speaks && !seen.awaitsPong()) return false;
    for (Sent sent : inFlight) {
      boolean confirmable = speaks || sent.options.assurance() == Assurance.CONFIRMED;
      if (confirmable && sent.fate() == null && !sent.isUntold()) return true;
    }
    return false;
  }

  /** Whether messages without a fate, which want a pong, came after the last ping. */
  Seen.Confirms toConfirm() {
    Seen.Confirms result = Seen.Confirms.NONE;
    for (Sent sent : inFlight) {
      boolean open = sent.fate() == null && !sent.pinged;
      if (!open || sent.options.assurance() != Assurance.CONFIRMED) continue;
      if (!sent.isUntold()) return Seen.Confirms.SOME;
      result = Seen.Confirms.PERHAPS;
    }
    return result;
  }

  void forgetEnded() {
    inFlight.removeIf(sent -> sent.fate() != null);
  }

  Flow flow() {
    return requireNonNull(flow);
  }

  // ---- The attempt

  @Override
  public void start(ConnectRequest request, OutboundSource source, TransportSink sink) {
    this.source = source;
    place = Places.at(request.uri());
    List<String> offered = request.protocols();
    subprotocol = offered.isEmpty() ? "" : offered.get(0);
    this.sink = sink;
    world.judges.started(this);
    new Attempt(world, this).begin();
  }

  /** The TCP connect is done. */
  Flow connected() {
    Flow begun = world.network.newFlow(this);
    flow = begun;
    return begun;
  }

  /** The upgrade is done. */
  void upgraded() {
    world.device.execute(this::open);
  }

  void fail(ConnectionException cause) {
    world.device.execute(() -> end(cause));
  }

  private void open() {
    if (over) return;
    opened = true;
    beside = life.second() == this;
    note(beside ? "opened beside another" : "opened");
    if (!beside) world.judges.opened(this);
    else world.judges.openedBeside(this);
    telling = true;
    boolean readOn = sink().opened(new Handshake(subprotocol, "", ConnectTimeline.EMPTY));
    telling = false;
    if (!beside) world.judges.begun(this, readOn);
    else if (readOn) world.judges.object("one transport at a time", "the second one reads");
    pauseUnless(readOn);
    onReadable();
    wake();
  }

  // ---- Reading

  void onReadable() {
    if (readScheduled || !isWorking()) return;
    readScheduled = true;
    world.device.execute(this::read);
  }

  private void read() {
    readScheduled = false;
    if (!isWorking() || readerPaused || !flow().down.isReadable()) return;
    world.judges.bytesRead(this);
    sink().bytesRead();
    while (isWorking() && !readerPaused) {
      Frame frame = flow().down.read();
      if (frame == null) break;
      tell(frame);
    }
    if (isWorking()) tellBegun();
    if (isWorking()) sink().readEnded();
  }

  private void tellBegun() {
    if (toldBegun || readerPaused || !flow().down.isAmidMessage()) return;
    toldBegun = true;
    world.judges.messageBegun(this);
    sink().messageBegun();
  }

  private void tell(Frame frame) {
    switch (frame.kind) {
      case MESSAGE -> tell(requireNonNull(frame.message));
      case PONG -> pong(requireNonNull(frame.payload));
      case CLOSE -> end(new PeerClosed(frame.code, ""));
      case FIN -> end(new EndedWithoutClose());
      case MALFORMED -> end(new ProtocolViolated(1002, "reserved bits must be zero"));
      case TOO_LARGE -> end(new MessageTooLarge("message must be at most 16 MiB"));
      default -> throw new AssertionError(frame);
    }
  }

  private void pong(byte[] payload) {
    note("tells a pong");
    sink().pong(payload);
    if (!retired) world.judges.ponged(this, payload);
  }

  private void tell(Message message) {
    toldBegun = false;
    if (retired) {
      world.judges.readLate(this, message);
      pauseUnless(sink().message(message));
      return;
    }
    world.judges.reading(this, message);
    telling = true;
    boolean readOn = sink().message(message);
    telling = false;
    world.judges.read(this, message, readOn);
    pauseUnless(readOn);
  }

  // A resume that came before its pause is kept for it.
  private void pauseUnless(boolean readOn) {
    readerPaused = !readOn && !resumed;
    if (readOn) return;
    owedResumes++;
    resumed = false;
    if (readerPaused) note("reader pauses");
  }

  @Override
  public void resumeReading() {
    owedResumes--;
    // One for the message that is just being given may come before the answer.
    boolean due = owedResumes >= (telling ? -1 : 0) || isOver();
    if (!due) world.judges.object("one resume for each pause", "one too many");
    resumed = true;
    seen.resumeAskedAtNanos = world.device.elapsedNanos();
    world.device.execute(this::goOn);
  }

  private void goOn() {
    if (!resumed || !readerPaused || over) return;
    resumed = false;
    readerPaused = false;
    note("reader goes on");
    world.judges.readerResumed(this);
    onReadable();
  }

  // ---- Writing

  @Override
  public void wake() {
    if (writeScheduled || !isWorking()) return;
    writeScheduled = true;
    world.device.execute(this::write);
  }

  private void write() {
    writeScheduled = false;
    if (!isWorking() || writing || closeSent) return;
    if (closeCode != 0) {
      closeSent = true;
      flow().up.send(Frame.close(closeCode));
      return;
    }
    batch.clear();
    if (!source().take(batch, batchBytes)) return;
    world.judges.handed(this, batch);
    writing = true;
    world.judges.writeBegun(this);
    sink().writeBegun();
    for (Message message : batch.messages()) flow().up.send(Frame.of(message));
    byte[] ping = batch.ping();
    if (ping != null) {
      note("takes a ping");
      flow().up.send(Frame.ping(ping));
    }
    if (flow().up.isWritten()) finishWrite();
  }

  void onSpace() {
    if (over || !flow().up.fill()) return;
    world.device.execute(this::progress);
  }

  private void progress() {
    if (!isWorking() || !writing) return;
    world.judges.writeProgressed(this);
    sink().writeProgressed();
    if (flow().up.isWritten()) finishWrite();
  }

  // A slow writer may tell so late that the pong is told first.
  private void finishWrite() {
    if (dice.oneIn(16)) world.device.executeLate(this::tellWritten, dice.between(0, 100_000_000));
    else tellWritten();
  }

  private void tellWritten() {
    if (!isWorking() || !writing) return;
    writing = false;
    note("has written");
    sink().writeEnded();
    if (!retired) world.judges.written(this, batch);
    source().written(batch);
    wake();
  }

  // ---- Ending

  @Override
  public void close(int code, String reason) {
    closeCode = code;
    if (isOpen() && successor() != null) {
      note("is replaced");
      retired = true;
      leave();
    }
    wake();
  }

  @Override
  public void cancel() {
    if (over) return;
    note("cancelled");
    over = true;
    if (!retired) leave();
    if (flow == null) return;
    if (opened && dice.oneIn(2)) {
      world.device.executeLate(this::callLate, dice.skewed(1, 30_000) * 1_000_000L);
    }
    flow.abandon(opened && dice.oneIn(2));
  }

  /** Its process is gone. */
  void die(Death how) {
    if (over) return;
    over = true;
    if (flow != null) flow.orphan(how);
  }

  /** A thread that was in the middle of a call when the transport was cancelled, and then slow. */
  private void callLate() {
    if (life.dead) return;
    Frame frame = flow().down.read();
    if (frame != null && frame.message != null) {
      world.judges.readLate(this, frame.message);
      sink().bytesRead();
      sink().message(frame.message);
      sink().readEnded();
    } else if (frame != null && frame.payload != null) {
      sink().pong(frame.payload);
    }
    batch.clear();
    if (source().take(batch, batchBytes)) world.judges.handed(this, batch);
    source().written(batch);
    sink().ended(new EndedWithoutClose(), ConnectTimeline.EMPTY);
  }

  /** A reset has come. */
  void onReset() {
    world.device.execute(() -> end(new StreamBroken("reset", null)));
  }

  private void end(ConnectionException cause) {
    if (over) return;
    over = true;
    note("ended: " + cause.getMessage());
    if (!retired) {
      seen.endedBy = cause;
      leave();
    }
    if (cause instanceof HandshakeRejected rejected) world.judges.rejected(this, rejected);
    if (flow != null) flow.abandon(opened && dice.oneIn(2));
    sink().ended(cause, ConnectTimeline.EMPTY);
  }

  // Or the connection has not yet been told that it is, and may yet give up the second one.
  private void leave() {
    world.judges.ended(this);
    SimulatedTransport next = successor();
    if (next == null) return;
    next.beside = false;
    next.note("takes the place of another");
    world.judges.opened(next);
    world.judges.begun(next, false);
  }

  // The one that is open beside this one.
  private @Nullable SimulatedTransport successor() {
    SimulatedTransport next = life.transports.get(life.transports.size() - 1);
    return next != this && next.isBeside() ? next : null;
  }

  private void note(String what) {
    if (world.trace.isOn()) world.trace.note("transport", what + ", " + Flow.name(flow));
  }

  private OutboundSource source() {
    return requireNonNull(source);
  }

  private TransportSink sink() {
    return requireNonNull(sink);
  }
}
