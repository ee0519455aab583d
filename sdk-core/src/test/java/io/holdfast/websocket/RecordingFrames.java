package io.holdfast.websocket;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.Message;
import io.holdfast.fixtures.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Writes down what a decoder finds, each as one line. */
final class RecordingFrames implements FrameHandler {
  private final List<String> lines = new ArrayList<>();
  private final boolean pausing;

  private RecordingFrames(boolean pausing) {
    this.pausing = pausing;
  }

  /** Decodes {@code bytes} cut at {@code cuts}, which ascend, and returns the transcript. */
  static List<String> decode(InboundLimits limits, byte[] bytes, int... cuts) {
    return decode(limits, null, false, bytes, cuts);
  }

  /** The same with a handler that stops the decoder at each message. */
  static List<String> decodePausing(InboundLimits limits, byte[] bytes, int... cuts) {
    return decode(limits, null, true, bytes, cuts);
  }

  /** The same after permessage-deflate was agreed on. */
  static List<String> decodeDeflated(
      InboundLimits limits, boolean takeover, boolean pausing, byte[] bytes, int... cuts) {
    VirtualClock clock = new VirtualClock();
    MessageInflater inflater = new MessageInflater(takeover, limits.messageBytes(), clock);
    List<String> lines = decode(limits, inflater, pausing, bytes, cuts);
    inflater.close();
    if (inflater.held() != null || clock.timers() > 0) throw new AssertionError("left over");
    return lines;
  }

  private static List<String> decode(
      InboundLimits limits,
      @Nullable MessageInflater inflater,
      boolean pausing,
      byte[] bytes,
      int... cuts) {
    RecordingFrames found = new RecordingFrames(pausing);
    FrameDecoder decoder = new FrameDecoder(limits, inflater, found);
    try {
      int start = 0;
      for (int cut : cuts) {
        found.feed(decoder, bytes, start, cut);
        start = cut;
      }
      found.feed(decoder, bytes, start, bytes.length);
    } catch (ConnectionException e) {
      int code = e instanceof ProtocolViolated violated ? violated.closeCode() : 1009;
      found.lines.add("failed: " + code + " " + e.getMessage());
    }
    return found.lines;
  }

  private void feed(FrameDecoder decoder, byte[] bytes, int start, int end)
      throws ConnectionException {
    int at = start;
    while (at < end) {
      int next = decoder.decode(bytes, at, end);
      if (next <= at) throw new AssertionError("no progress at " + at);
      at = next;
    }
  }

  @Override
  public boolean message(Message message) {
    if (message instanceof Message.Text text) {
      lines.add("text " + text.text());
    } else {
      lines.add("binary " + ByteString.of(message.payload()).hex());
    }
    return !pausing;
  }

  @Override
  public void ping(byte[] payload) {
    lines.add("ping " + ByteString.of(payload).hex());
  }

  @Override
  public void pong(byte[] payload) {
    lines.add("pong " + ByteString.of(payload).hex());
  }

  @Override
  public void close(PeerClosed close) {
    lines.add("close " + close.code() + " " + close.reason());
  }
}
