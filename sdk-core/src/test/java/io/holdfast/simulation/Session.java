package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The far end of one flow: the server's, or that of a proxy in front of it. */
final class Session {
  private static final int INBOUND_HEADER = 16;

  private final World world;
  private final Flow flow;
  private boolean open;
  private boolean gone;
  private boolean closing;
  private boolean readScheduled;
  // What comes is not given to the application any more.
  private boolean deaf;
  private long passedOnAtNanos;
  private long pushed;
  private byte @Nullable [] lastPing;
  private byte @Nullable [] late;

  Session(World world, Flow flow) {
    this.world = world;
    this.flow = flow;
  }

  /** The upgrade has been accepted. */
  void open() {
    open = true;
  }

  int place() {
    return flow.transport.place();
  }

  boolean isOpen() {
    return open && !gone && !closing;
  }

  boolean isGone() {
    return gone;
  }

  /** Whether anyone at the device listens. */
  boolean isHeard() {
    return isOpen() && flow.transport.isOpen();
  }

  void end() {
    gone();
  }

  private void gone() {
    gone = true;
    Application application = world.server.application();
    if (application != null) application.ended(flow);
  }

  boolean isDeaf() {
    return deaf;
  }

  /** Whoever knew of it does not know of it any more. */
  void deafen() {
    deaf |= open;
  }

  /** The machine is gone, and what its kernel had with it. */
  void crash() {
    end();
    flow.down.cut(true);
  }

  void onSpace() {
    flow.down.fill();
  }

  // ---- Reading

  void onReadable() {
    if (readScheduled || gone) return;
    readScheduled = true;
    world.agenda.after(world.server.thinkingNanos(), this::read);
  }

  private void read() {
    readScheduled = false;
    if (gone || !flow.up.isReadable()) return;
    if (world.conditions.strikes(FaultKind.STOPS_READING)) return;
    for (Frame frame = flow.up.read(); frame != null && !gone; frame = flow.up.read()) {
      serve(frame);
    }
  }

  private void serve(Frame frame) {
    switch (frame.kind) {
      case MESSAGE -> take(frame);
      case PING -> answer(frame);
      case CLOSE -> {
        if (!closing) send(Frame.close(frame.code));
        finish();
      }
      case FIN -> finish();
      default -> throw new AssertionError(frame);
    }
  }

  private void take(Frame frame) {
    Message message = requireNonNull(frame.message);
    Sent sent = world.app.carriedBy(message);
    if (sent != null) world.judges.readByPeer(sent, flow);
    if (flow.proxied) passOn(message, sent);
    else world.server.got(flow, message, sent);
  }

  private void passOn(Message message, @Nullable Sent sent) {
    world.conditions.hit(FaultKind.PROXY_ANSWERS_PINGS);
    // It is a stream there, too.
    passedOnAtNanos =
        Math.max(passedOnAtNanos, world.agenda.nowNanos() + world.network.latencyNanos());
    world.agenda.at(
        passedOnAtNanos,
        () -> {
          if (!gone) world.server.got(flow, message, sent);
        });
  }

  private void answer(Frame ping) {
    byte[] payload = requireNonNull(ping.payload);
    if (!flow.proxied && world.server.ignoresPing()) return;
    if (!flow.proxied && world.conditions.strikes(FaultKind.ANSWERS_LATEST_PING)) {
      answerLate(payload);
      return;
    }
    if (late != null) late = payload;
    else answerNow(payload);
  }

  private void answerLate(byte[] payload) {
    if (late == null) {
      long nanos = world.conditions.amount(FaultKind.ANSWERS_LATEST_PING) * 1_000_000L;
      world.agenda.after(nanos, this::answerLatest);
    }
    late = payload;
  }

  private void answerLatest() {
    byte[] payload = requireNonNull(late);
    late = null;
    answerNow(payload);
  }

  private void answerNow(byte[] payload) {
    if (lastPing != null && world.conditions.strikes(FaultKind.STRANGE_PONGS)) {
      send(Frame.pong(lastPing));
      send(Frame.pong(world.server.strangePayload()));
    }
    lastPing = payload;
    send(Frame.pong(payload));
  }

  /** Sends pongs to pings that another transport might send, and to one that never was. */
  void sendForgedPongs() {
    if (lastPing == null || !isOpen()) return;
    for (int i = 0; i <= 3; i++) send(Frame.pong(altered(lastPing, 1, i)));
    send(Frame.pong(altered(lastPing, 0, 1_000)));
  }

  private static byte[] altered(byte[] ping, int ofNonce, long ofNumber) {
    ByteBuffer from = ByteBuffer.wrap(ping);
    ByteBuffer to = ByteBuffer.allocate(ping.length);
    return to.putInt(from.getInt() ^ ofNonce).putLong(from.getLong() + ofNumber).array();
  }

  // ---- Writing

  private void send(Frame frame) {
    if (!gone) flow.down.send(frame);
  }

  /** Sends a message that tells its flow and its number in the flow. */
  void push(int size) {
    if (!isOpen()) return;
    Application application = world.server.application();
    if (application != null) {
      application.push(flow, size);
      return;
    }
    byte[] bytes = new byte[Math.max(INBOUND_HEADER, size)];
    ByteBuffer.wrap(bytes).putLong(flow.number).putLong(++pushed);
    send(Frame.of(Message.wrap(bytes)));
  }

  /** Sends a message, or a pong that nobody asked for. */
  void sayAnything(Dice dice) {
    if (world.scenario.setup().speaks() || dice.oneIn(2)) send(Frame.pong(new byte[4]));
    else push(20);
  }

  /** Sends a message of the application's, unless it has sent Close. */
  void answer(Message message) {
    if (isOpen()) send(Frame.of(message));
  }

  void sendMalformed(Frame.Kind kind) {
    if (isOpen()) send(Frame.of(kind));
  }

  /** Sends Close, and waits for the device's. */
  void close(int code) {
    if (!isOpen()) return;
    closing = true;
    send(Frame.close(code));
  }

  /** Ends the stream in good order. */
  void finish() {
    if (gone) return;
    send(Frame.of(Frame.Kind.FIN));
    gone();
  }
}
