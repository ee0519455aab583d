package io.holdfast.websocket;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.Message;
import java.util.ArrayList;
import java.util.List;
import okio.ByteString;

/** Writes down what a decoder finds, each as one line. */
final class RecordingFrames implements FrameHandler {
  private final List<String> lines = new ArrayList<>();
  private final boolean pausing;

  private RecordingFrames(boolean pausing) {
    this.pausing = pausing;
  }

  /** Decodes {@code bytes} cut at {@code cuts}, which ascend, and returns the transcript. */
  static List<String> decode(InboundLimits limits, byte[] bytes, int... cuts) {
    return decode(limits, false, bytes, cuts);
  }

  /** The same with a handler that stops the decoder at each message. */
  static List<String> decodePausing(InboundLimits limits, byte[] bytes, int... cuts) {
    return decode(limits, true, bytes, cuts);
  }

  private static List<String> decode(
      InboundLimits limits, boolean pausing, byte[] bytes, int... cuts) {
    RecordingFrames found = new RecordingFrames(pausing);
    FrameDecoder decoder = new FrameDecoder(limits, found);
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
    while (at < end) at = decoder.decode(bytes, at, end);
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
