package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.LifeSign;
import io.holdfast.Message;
import io.holdfast.internal.inbound.InboundChannel.Verdict;
import io.holdfast.internal.machine.Event;
import io.holdfast.internal.machine.Snapshot;
import io.holdfast.internal.outbox.Outbox;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportSink;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one transport talks to: stamps everything with its generation, keeps its signs of life, and
 * posts to the machine only what the machine must hear, which is never each message.
 */
final class TransportLink implements OutboundSource, TransportSink {
  private static final Logger log = LoggerFactory.getLogger(TransportLink.class);
  // A write that took this long had to wait for the peer's kernel, so its progress is a sign of
  // life.
  private static final long WAITED_NANOS = 50_000_000;
  private static final long NONE = Long.MIN_VALUE;

  private final ConnectionDriver driver;
  private final long generation;
  // Opened as the second one: it does not read before it is released.
  private final boolean beside;

  // The mailbox sets these, the first two before the transport's first call.
  private @Nullable ConnectRequest request;
  private volatile @Nullable Transport transport;
  // Set by the reader before the machine hears of it.
  private volatile @Nullable Handshake handshake;
  private final AtomicReference<Reading> reading = new AtomicReference<>(Reading.BY_VERDICT);

  // The reader and the writer set these; the mailbox reads them.
  private volatile long lastByteAtNanos;
  // When the message began that is not whole.
  private volatile long messageSinceNanos = NONE;
  private volatile boolean writing;
  private volatile long writeProgressAtNanos;
  // Whether the machine has been told of a write and watches.
  private volatile boolean writesWatched;

  // The heartbeat whose message is to be sent.
  private final AtomicReference<LifeSign.@Nullable Answer> question = new AtomicReference<>();
  // The writer's: one is in the batch under way, and since when.
  private boolean asking;
  private long takenAtNanos;

  // Whoever reads now, alone.
  private final InboundBatch received = new InboundBatch();

  /** Nothing is read before the protocol knows of the transport, or it is the second one. */
  private enum Reading {
    /** It has begun, or there is no protocol: the lane alone decides. */
    BY_VERDICT,
    /** The lane has room, and the protocol has not begun. */
    HELD,
    /** Both are waited for. */
    HELD_AND_PAUSED
  }

  TransportLink(ConnectionDriver driver, long generation, boolean beside) {
    this.driver = driver;
    this.generation = generation;
    this.beside = beside;
    lastByteAtNanos = driver.nanoTime();
  }

  long generation() {
    return generation;
  }

  Snapshot snapshot(long nowNanos) {
    long sinceNanos = messageSinceNanos;
    return new Snapshot(
        nowNanos,
        lastByteAtNanos,
        sinceNanos == NONE ? 0 : nowNanos - sinceNanos,
        driver.inbound().readerPaused(),
        writing,
        writeProgressAtNanos);
  }

  // ---- For the driver

  void supply(ConnectRequest request) {
    this.request = request;
  }

  /** The attempt has failed before there was a transport. */
  void failed(ConnectionException cause) {
    ended(cause, ConnectTimeline.EMPTY);
  }

  /** Returns where it goes; null before there is a request. */
  @Nullable URI uri() {
    ConnectRequest known = request;
    return known == null ? null : known.uri();
  }

  void start(Transport transport) {
    ConnectRequest request = this.request;
    if (request == null) throw new AssertionError("no request was supplied");
    this.transport = transport;
    transport.start(request, this, this);
  }

  void wake() {
    call(Transport::wake);
  }

  /** Sends a heartbeat's message next. */
  void ask(LifeSign.Answer heartbeat) {
    question.set(heartbeat);
    wake();
  }

  void resumeReading(long pausedNanos) {
    if (reading.compareAndSet(Reading.HELD_AND_PAUSED, Reading.HELD)) return;
    call(Transport::resumeReading);
    driver.post(snapshot -> new Event.ReaderResumed(generation, pausedNanos, snapshot));
  }

  void stalled() {
    driver.post(snapshot -> new Event.ReaderStalled(generation, snapshot));
  }

  void close(int code, String reason) {
    call(transport -> transport.close(code, reason));
  }

  void cancel() {
    call(Transport::cancel);
  }

  // Another stack's bug must not break off what the machine ordered, nor reach an app's send.
  private void call(Consumer<Transport> order) {
    Transport transport = this.transport;
    if (transport == null) return;
    try {
      order.accept(transport);
    } catch (Throwable e) {
      log.error("Transport {} threw", generation, e);
    }
  }

  void unwatchWrites() {
    writesWatched = false;
    // A write that began just before was not told.
    if (writing) watchWrites();
  }

  // ---- For the protocol

  Handshake handshake() {
    return requireNonNull(handshake);
  }

  /** The protocol has begun, or there is none: what the peer sends may come if there is room. */
  boolean startReading() {
    boolean resumes = reading.getAndSet(Reading.BY_VERDICT) == Reading.HELD;
    if (resumes) call(Transport::resumeReading);
    return resumes;
  }

  void protocolStepped(String step) {
    driver.post(snapshot -> new Event.ProtocolStepped(generation, step));
  }

  void protocolReady() {
    driver.post(snapshot -> new Event.ProtocolReady(generation, snapshot));
  }

  void protocolFailed(ConnectionException cause) {
    driver.post(snapshot -> new Event.ProtocolFailed(generation, cause));
  }

  // ---- OutboundSource

  @Override
  public boolean take(OutboundBatch batch, long maxBytes) {
    boolean asks = takeQuestion(batch);
    return takeMessages(batch, maxBytes) || asks;
  }

  private boolean takeQuestion(OutboundBatch batch) {
    // Read before it is swapped: nearly no take finds one.
    LifeSign.Answer heartbeat = question.get() == null ? null : question.getAndSet(null);
    if (heartbeat == null) return false;
    takenAtNanos = driver.nanoTime();
    try {
      batch.add(requireNonNull(heartbeat.question().get(), "question"));
      asking = true;
      return true;
    } catch (Throwable e) {
      log.warn("The heartbeat gave no message", e);
      asked();
      return false;
    }
  }

  private void asked() {
    asking = false;
    long takenAt = takenAtNanos;
    driver.post(snapshot -> new Event.QuestionFlushed(generation, takenAt, snapshot));
  }

  private boolean takeMessages(OutboundBatch batch, long maxBytes) {
    ProtocolRunner protocol = driver.protocolRunner();
    if (protocol != null) return protocol.take(this, batch, maxBytes);
    return driver.outbox().take(generation, batch, maxBytes);
  }

  @Override
  public void written(OutboundBatch batch) {
    if (asking) asked();
    flushed(driver.outbox().written(generation));
  }

  @Override
  public byte @Nullable [] takePing(long bytes) {
    return driver.outbox().takePing(generation, bytes);
  }

  @Override
  public void pingWritten() {
    flushed(driver.outbox().pingWritten(generation));
  }

  private void flushed(Outbox.@Nullable PingFlushed flushed) {
    if (flushed == null) return;
    driver.post(
        snapshot ->
            new Event.PingFlushed(
                generation,
                flushed.number(),
                flushed.confirms(),
                flushed.allowanceNanos(),
                snapshot));
  }

  // ---- TransportSink

  @Override
  public boolean opened(Handshake handshake) {
    lastByteAtNanos = driver.nanoTime();
    this.handshake = handshake;
    boolean held = beside || driver.protocolRunner() != null;
    if (held) reading.set(Reading.HELD_AND_PAUSED);
    boolean readOn = !beside && begin() && !held;
    driver.post(snapshot -> new Event.TransportOpened(generation, handshake, snapshot));
    return readOn;
  }

  /** It is the one that delivers from now on. Returns whether the lane has room. */
  private boolean begin() {
    ProtocolRunner protocol = driver.protocolRunner();
    if (protocol != null) protocol.makingReady();
    boolean room = driver.inbound().begin(generation) == Verdict.READ_ON;
    if (room) reading.compareAndSet(Reading.HELD_AND_PAUSED, Reading.HELD);
    return room;
  }

  /** It takes the place of the first one, and is open. */
  void releaseReader() {
    begin();
    if (driver.protocolRunner() != null || !startReading()) return;
    // The lane may have been full when the machine looked.
    driver.post(snapshot -> new Event.ReaderResumed(generation, 0, snapshot));
  }

  @Override
  public void bytesRead() {
    lastByteAtNanos = driver.nanoTime();
  }

  @Override
  public void messageBegun() {
    messageSinceNanos = driver.nanoTime();
  }

  @Override
  public boolean message(Message message) {
    // Seldom, as a volatile write costs more than a message is worth.
    if (messageSinceNanos != NONE) messageSinceNanos = NONE;
    if (driver.isSignOfLife(message)) return true;
    ProtocolRunner protocol = driver.protocolRunner();
    if (protocol != null) return protocol.received(this, message);
    return !received.add(message) || handOver(null);
  }

  @Override
  public void readEnded() {
    if (!received.isEmpty()) handOver(null);
  }

  // A pong that comes meanwhile counts as late by no more than it takes until the reader is
  // relieved: some 20 ms, against timeouts of seconds.
  @Override
  public void readEnded(Runnable relief) {
    if (!received.isEmpty()) handOver(relief);
  }

  private boolean handOver(@Nullable Runnable relief) {
    Verdict verdict = driver.inbound().offer(generation, received, relief);
    if (verdict == Verdict.STALL) stalled();
    return verdict == Verdict.READ_ON;
  }

  @Override
  public void pong(byte[] payload) {
    // What came before was read while the pong was awaited.
    readEnded();
    Outbox.Answer answer = driver.outbox().pong(generation, payload);
    if (answer == null) return;
    driver.post(
        snapshot ->
            new Event.PongReceived(
                generation,
                answer.number(),
                answer.roundTripNanos(),
                answer.awaitsMore(),
                answer.allowanceNanos(),
                snapshot));
  }

  @Override
  public void writeBegun() {
    writeProgressAtNanos = driver.nanoTime();
    writing = true;
    if (!writesWatched) watchWrites();
  }

  @Override
  public void writeProgressed() {
    long now = driver.nanoTime();
    if (now - writeProgressAtNanos >= WAITED_NANOS) lastByteAtNanos = now;
    writeProgressAtNanos = now;
  }

  @Override
  public void writeEnded() {
    writing = false;
  }

  private void watchWrites() {
    writesWatched = true;
    driver.post(snapshot -> new Event.WriteBegun(generation));
  }

  @Override
  public void ended(ConnectionException cause, ConnectTimeline timeline) {
    readEnded();
    driver.post(snapshot -> new Event.TransportEnded(generation, cause, timeline));
  }
}
