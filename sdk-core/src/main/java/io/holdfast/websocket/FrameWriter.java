package io.holdfast.websocket;

import io.holdfast.Message;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.TransportSink;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okio.Buffer;
import okio.Sink;
import org.jspecify.annotations.Nullable;

/**
 * Writes while there is something to write, and waits while there is not: what queues up during one
 * write goes out with the next, so no timer is needed to make batches.
 */
final class FrameWriter {
  private static final long BATCH_BYTES = 64 * 1024;

  /** In this order alone, whoever moves it. */
  private enum Stage {
    NOT_OPEN,
    OPEN,
    // The end is about to be told: takes and tells nothing more, and waits for a Close.
    SILENT,
    // Done once a Close that is due is written.
    LOST,
    STOPPED
  }

  private final OutboundSource source;
  private final TransportSink told;
  private final Sink stream;

  // Any thread.
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.NOT_OPEN);
  private final AtomicReference<byte @Nullable []> close = new AtomicReference<>();
  private final AtomicReference<byte @Nullable []> pong = new AtomicReference<>();
  private final Waker waker = new Waker();
  private final AtomicInteger pings = new AtomicInteger();
  private volatile @Nullable Throwable failure;

  // The writing thread alone.
  private final FrameEncoder encoder;
  private final MessageEncoder messages;
  // Kept, so that no message costs another.
  private final MessageEncoder.Gap gap = this::pass;
  private final OutboundBatch batch = new OutboundBatch();
  private boolean closeWritten;
  // Of the batch under way.
  private long bytesEncoded;

  FrameWriter(
      OutboundSource source,
      TransportSink told,
      Sink stream,
      MaskKeys keys,
      int fragmentBytes,
      @Nullable MessageDeflater deflater) {
    this.source = source;
    this.told = told;
    this.stream = stream;
    encoder = new FrameEncoder(keys, this::writePiece);
    messages = new MessageEncoder(encoder, fragmentBytes, deflater);
  }

  /** Lets it take from the source. */
  void open() {
    advance(Stage.OPEN);
  }

  /**
   * Has nothing more taken and told, and ends it once {@code owed}, or another Close, is written.
   */
  void finish(byte @Nullable [] owed) {
    advance(Stage.SILENT);
    if (owed != null) close(owed);
    advance(Stage.LOST);
  }

  /** Ends it with nothing more written or told. */
  void stop() {
    advance(Stage.STOPPED);
  }

  void wake() {
    waker.wake();
  }

  /** Has a Close frame written next and nothing after it, unless there was one before. */
  void close(byte[] payload) {
    if (close.compareAndSet(null, payload)) waker.wake();
  }

  /** Has a pong written next; one that still waits is forgotten (RFC 6455 section 5.5.3). */
  void pong(byte[] payload) {
    pong.set(payload);
    waker.wake();
  }

  /** Returns how many pings were written, or are about to be. */
  int pings() {
    return pings.get();
  }

  /** Returns what a write failed with, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Writes until it is finished or stopped, or a write fails. */
  void writeToEnd() {
    try {
      while (!isDone()) {
        waker.clear();
        if (!writeNext() && !isDone()) waker.await();
      }
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
  }

  void closeHalf() {
    messages.close();
    Quietly.close(stream);
  }

  private boolean isDone() {
    Stage now = stage.get();
    return now == Stage.STOPPED || (now == Stage.LOST && (closeWritten || close.get() == null));
  }

  private boolean writeNext() throws IOException {
    Stage now = stage.get();
    if (closeWritten || now == Stage.NOT_OPEN) return false;
    byte[] due = close.get();
    if (due == null) return now == Stage.OPEN && writeBatch();
    closeWritten = true;
    return writeControl(Opcode.CLOSE, due);
  }

  private boolean writeControl(int opcode, byte[] payload) throws IOException {
    begin();
    encoder.control(opcode, payload);
    end();
    return true;
  }

  private boolean writeBatch() throws IOException {
    byte[] answer = pong.getAndSet(null);
    boolean taken = source.take(batch, BATCH_BYTES);
    if (!taken) return answer != null && writeControl(Opcode.PONG, answer);
    begin();
    if (answer != null) encoder.control(Opcode.PONG, answer);
    if (encodeMessages()) {
      byte[] ping = batch.ping();
      if (ping != null) encodePing(ping);
      end();
      if (mayTell()) source.written(batch);
    }
    batch.clear();
    return true;
  }

  /** Returns false if a Close is due, or nothing more is to be written. */
  private boolean encodeMessages() throws IOException {
    bytesEncoded = 0;
    for (int i = 0; i < batch.messages().size(); i++) {
      Message message = batch.messages().get(i);
      if (!messages.write(message, gap)) return false;
      bytesEncoded += message.size();
    }
    return true;
  }

  /** Between two fragments: pongs and pings pass, and after a Close nothing more comes. */
  private boolean pass(int bytesOfMessage) throws IOException {
    if (stage.get() != Stage.OPEN || close.get() != null) return false;
    byte[] answer = pong.getAndSet(null);
    if (answer != null) encoder.control(Opcode.PONG, answer);
    byte[] ping = source.takePing(bytesEncoded + bytesOfMessage);
    if (ping == null) return true;
    encodePing(ping);
    encoder.finish();
    stream.flush();
    if (mayTell()) source.pingWritten();
    return true;
  }

  private void encodePing(byte[] ping) throws IOException {
    // First, so that no pong comes before it counts.
    pings.incrementAndGet();
    encoder.control(Opcode.PING, ping);
  }

  private void begin() {
    if (mayTell()) told.writeBegun();
  }

  private void end() throws IOException {
    encoder.finish();
    stream.flush();
    if (mayTell()) told.writeEnded();
  }

  private void writePiece(Buffer piece) throws IOException {
    stream.write(piece, piece.size());
    if (mayTell()) told.writeProgressed();
  }

  private boolean mayTell() {
    return stage.get() == Stage.OPEN;
  }

  private void advance(Stage to) {
    stage.accumulateAndGet(to, (now, next) -> next.compareTo(now) > 0 ? next : now);
    waker.wake();
  }
}
