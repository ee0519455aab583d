package io.holdfast.websocket;

import io.holdfast.Clock;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Message;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.TransportSink;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import okio.Buffer;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * Reads, decodes and tells what is found, until the end; waits while the sink wants no message. One
 * thread at a time reads, and another relieves it if the sink, which may call the app, takes long.
 */
final class FrameReader implements FrameHandler {
  // One segment of Okio's, which it reads at most at a time.
  private static final long CHUNK_BYTES = 8192;

  private final Source stream;
  private final TransportSink told;
  private final FrameWriter writer;

  // Any thread.
  private final Waker waker = new Waker();
  private volatile boolean resumed;
  private volatile boolean stopped;
  // The thread that may be relieved of reading now: whoever takes it out has the reading, and with
  // it the fields below. The one that makes a reader begins so.
  private final AtomicReference<@Nullable Thread> relievable =
      new AtomicReference<>(Thread.currentThread());

  // The reading thread alone.
  private boolean opened;
  private final FrameDecoder decoder;
  private final Buffer unread = new Buffer();
  private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
  private final ControlFrameLimit controlFrames;
  private int pongsAsked;
  private boolean paused;
  private boolean toldBegun;
  private @Nullable PeerClosed close;

  FrameReader(
      Source stream,
      TransportSink told,
      FrameWriter writer,
      InboundLimits limits,
      @Nullable MessageInflater inflater,
      Clock clock) {
    this.stream = stream;
    this.told = told;
    this.writer = writer;
    decoder = new FrameDecoder(limits, inflater, this);
    controlFrames = new ControlFrameLimit(limits.controlFrames(), clock);
  }

  void resume() {
    resumed = true;
    waker.wake();
  }

  /** Ends a pause for good, and tells nothing more. */
  void stop() {
    stopped = true;
    waker.wake();
  }

  /** Ends a pause for good: the writer has failed, so there is no more to wait for. */
  void writerFailed() {
    waker.wake();
  }

  /**
   * Tells the opening if that is to be told yet, and reads until the transport is lost.
   *
   * @param relief has another thread call this
   * @return why it is lost; null if another thread reads, now or from the start
   */
  @Nullable ConnectionException read(Handshake handshake, Runnable relief) {
    if (relievable.getAndSet(null) == null) return null;
    try {
      if (!opened) open(handshake);
      while (close == null && !stopped) {
        if (paused) awaitResume();
        else if (!readOnce(relief)) return null;
      }
      return close == null ? new StreamBroken("cancelled", null) : close;
    } catch (IOException | RuntimeException | Error e) {
      // What the peer said, or its FIN, tells more than a failed write; a failed read tells less.
      Throwable failedWrite = writer.failure();
      if (failedWrite == null || e instanceof ConnectionException) return Failures.ofStream(e);
      return Failures.ofStream(failedWrite);
    }
  }

  /** Lets the peer end the stream, for closing it with bytes unread would reset it. */
  void discardToEnd() {
    try {
      do {
        unread.clear();
      } while (stream.read(unread, CHUNK_BYTES) != -1);
    } catch (IOException | RuntimeException e) {
      // Ended all the same.
    }
  }

  void closeHalf() {
    decoder.close();
    unread.clear();
    Quietly.close(stream);
  }

  private void open(Handshake handshake) {
    opened = true;
    paused = !stopped && !told.opened(handshake);
    writer.open();
  }

  /** Returns whether this thread is to read on. */
  private boolean readOnce(Runnable relief) throws IOException {
    if (unread.exhausted()) fill();
    decodeUnread();
    if (decoder.isAmidMessage()) tellBegun();
    return stopped || tellReadEnded(relief);
  }

  private void tellBegun() {
    if (toldBegun || stopped) return;
    toldBegun = true;
    told.messageBegun();
  }

  private boolean tellReadEnded(Runnable relief) {
    Thread self = Thread.currentThread();
    relievable.set(self);
    try {
      told.readEnded(relief);
    } catch (RuntimeException | Error e) {
      // What another thread reads by now does not end for it.
      if (relievable.compareAndSet(self, null)) throw e;
      return false;
    }
    return relievable.compareAndSet(self, null);
  }

  private void fill() throws IOException {
    if (stream.read(unread, CHUNK_BYTES) == -1) throw new EndedWithoutClose();
    if (!stopped) told.bytesRead();
  }

  private void decodeUnread() throws IOException {
    // The segment's own bytes, so that a message is copied once, out of them.
    unread.readUnsafe(cursor);
    int decoded;
    try {
      cursor.next();
      decoded = decoder.decode(cursor.data, cursor.start, cursor.end) - cursor.start;
    } finally {
      cursor.close();
    }
    unread.skip(decoded);
  }

  private void awaitResume() throws IOException {
    waker.clear();
    while (!resumed && !stopped) {
      if (writer.failure() != null) throw new IOException("writer failed");
      waker.await();
      waker.clear();
    }
    resumed = false;
    paused = false;
  }

  @Override
  public boolean message(Message message) {
    if (stopped) return false;
    toldBegun = false;
    paused = !told.message(message);
    return !paused;
  }

  @Override
  public void ping(byte[] payload) throws ProtocolViolated {
    controlFrames.count();
    writer.pong(payload);
  }

  @Override
  public void pong(byte[] payload) throws ProtocolViolated {
    // However fast our pings go, their pongs are no flood.
    if (pongsAsked != writer.pings()) pongsAsked++;
    else controlFrames.count();
    if (!stopped) told.pong(payload);
  }

  @Override
  public void close(PeerClosed frame) {
    close = frame;
  }
}
