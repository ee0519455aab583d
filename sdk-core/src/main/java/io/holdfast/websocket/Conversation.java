package io.holdfast.websocket;

import io.holdfast.Clock;
import io.holdfast.ConnectionException;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.TransportSink;
import io.holdfast.websocket.UpgradeAttempt.Upgraded;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Reader and writer of one open stream, and how they part. Each closes its own half. */
final class Conversation {
  private final UpgradeAttempt attempt;
  private final Handshake handshake;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final ClosingDeadline deadline;
  private final AtomicInteger openHalves = new AtomicInteger(2);

  // The reading thread alone.
  private boolean polite;

  Conversation(
      UpgradeAttempt attempt,
      Upgraded upgraded,
      OutboundSource source,
      TransportSink sink,
      TransportOptions options,
      Clock clock) {
    this.attempt = attempt;
    handshake = upgraded.handshake();
    AgreedDeflate deflate = upgraded.deflate();
    writer =
        new FrameWriter(
            source,
            sink,
            upgraded.stream().getSink(),
            new MaskKeys(),
            options.fragmentBytes(),
            deflate == null ? null : new MessageDeflater(deflate, options, clock));
    reader =
        new FrameReader(
            upgraded.stream().getSource(),
            sink,
            writer,
            options.limits(),
            deflate == null
                ? null
                : new MessageInflater(
                    deflate.serverTakeover(), options.limits().messageBytes(), clock),
            clock);
    deadline = new ClosingDeadline(clock, attempt::cancel);
  }

  /** The writer's task. */
  void write() {
    writer.writeToEnd();
    if (writer.failure() != null) {
      // What the peer said before, perhaps a Close that explains it, can still be read.
      deadline.begin();
      reader.writerFailed();
    }
    writer.closeHalf();
    leave();
  }

  /**
   * Reads until the transport is lost.
   *
   * @param relief has another thread call this
   * @return why it is lost; null if another thread reads, now or from the start
   */
  @Nullable ConnectionException read(Runnable relief) {
    return reader.read(handshake, relief);
  }

  /** Lets the writer say no more than a Close that {@code end} is owed. */
  void lose(ConnectionException end) {
    byte[] owed = CloseFrame.answerTo(end);
    polite = owed != null;
    if (polite) deadline.begin();
    writer.finish(owed);
  }

  /** Ends the stream, in good order if a Close is owed. The reader's last act. */
  void part() {
    if (polite) {
      reader.discardToEnd();
    } else {
      attempt.cancel();
    }
    reader.closeHalf();
    leave();
  }

  /** Closes both halves of a conversation whose writer never ran. */
  void abandon() {
    attempt.cancel();
    writer.closeHalf();
    reader.closeHalf();
  }

  void wake() {
    writer.wake();
  }

  void resumeReading() {
    reader.resume();
  }

  void close(byte[] payload) {
    writer.close(payload);
  }

  /** Tells and writes nothing more; the stream is broken already. */
  void stop() {
    writer.stop();
    reader.stop();
  }

  private void leave() {
    if (openHalves.decrementAndGet() == 0) deadline.stop();
  }
}
