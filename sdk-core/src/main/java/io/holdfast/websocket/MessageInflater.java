package io.holdfast.websocket;

import io.holdfast.Clock;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.ProtocolViolated;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates messages as their bytes come (RFC 7692 section 7.2.2), into chunks that together are
 * never larger than a message may be.
 */
final class MessageInflater {
  private static final byte[] NOTHING = {};
  // What the sender has left out, then empty blocks: where the message does not end with a block of
  // its own, one of them gives output or is wrong. A table of codes that is cut off takes the most,
  // for it gives nothing before it is full.
  private static final byte[] TAIL = tail(32);
  private static final int FIRST_CHUNK_BYTES = 4096;
  private static final int LARGEST_CHUNK_BYTES = 64 * 1024;

  /** Where inflated bytes are shown as they come. */
  interface Output {
    void inflated(byte[] bytes, int start, int end) throws ProtocolViolated;
  }

  private final boolean takeover;
  private final int maxBytes;
  private final IdleRelease idle;

  // The reading thread's while it uses it, else that of the idle release.
  private @Nullable Inflater inflater;
  private byte[] firstChunk = NOTHING;

  // The message under way; the reading thread alone.
  private final List<byte[]> fullChunks = new ArrayList<>();
  private byte[] chunk = NOTHING;
  private int filled;
  private int size;
  private boolean atStreamStart;
  private final byte[] tailOutput = new byte[1];

  MessageInflater(boolean takeover, int maxBytes, Clock clock) {
    this.takeover = takeover;
    this.maxBytes = maxBytes;
    idle = new IdleRelease(clock, this::release);
  }

  private static byte[] tail(int emptyBlocks) {
    byte[] left = {0, 0, (byte) 0xff, (byte) 0xff};
    ByteBuffer tail = ByteBuffer.allocate(left.length + emptyBlocks * (1 + left.length)).put(left);
    while (tail.hasRemaining()) tail.put((byte) 0).put(left);
    return tail.array();
  }

  /** A message begins. */
  void begin() {
    idle.use();
    if (inflater == null) {
      inflater = new Inflater(true);
    }
    if (firstChunk.length == 0) firstChunk = new byte[Math.min(maxBytes, FIRST_CHUNK_BYTES)];
    chunk = firstChunk;
    filled = 0;
    size = 0;
    atStreamStart = true;
  }

  /** Its next bytes. */
  void add(byte[] bytes, int start, int end, Output output) throws ConnectionException {
    if (start == end) return;
    atStreamStart = false;
    Inflater begun = begun();
    begun.setInput(bytes, start, end - start);
    drain(begun, output);
    while (begun.finished()) {
      // The sender ended its stream, which it may: another one begins, perhaps at once.
      int rest = begun.getRemaining();
      begun.reset();
      atStreamStart = rest == 0;
      if (rest == 0) return;
      begun.setInput(bytes, end - rest, rest);
      drain(begun, output);
    }
  }

  /** Returns the whole message. */
  byte[] finish() throws ConnectionException {
    Inflater begun = begun();
    // Not even an empty block has come to which the tail belongs.
    if (!atStreamStart) addTail(begun);
    if (!takeover) begun.reset();
    byte[] whole = join();
    idle.leave();
    return whole;
  }

  private void addTail(Inflater begun) throws ProtocolViolated {
    begun.setInput(TAIL);
    try {
      boolean whole = begun.inflate(tailOutput) == 0 && !begun.finished() && begun.needsInput();
      if (!whole) throw broken("it ends within a block");
    } catch (DataFormatException e) {
      throw broken(e.getMessage());
    }
  }

  void close() {
    idle.close();
  }

  /** What native memory it holds; null if none. For tests. */
  @Nullable Inflater held() {
    return inflater;
  }

  private void drain(Inflater begun, Output output) throws ConnectionException {
    try {
      while (!begun.finished()) {
        if (filled == chunk.length) nextChunk();
        int count = begun.inflate(chunk, filled, chunk.length - filled);
        if (count == 0) {
          if (begun.finished() || begun.needsInput()) return;
          throw broken("it makes no progress");
        }
        if (count > maxBytes - size) {
          throw new MessageTooLarge(
              "message must be <= " + maxBytes + " bytes but inflates to more");
        }
        output.inflated(chunk, filled, filled + count);
        filled += count;
        size += count;
      }
    } catch (DataFormatException e) {
      throw broken(e.getMessage());
    }
  }

  private void nextChunk() {
    if (size > 0) fullChunks.add(chunk);
    // At the limit one byte more shows that there is more.
    int room = Math.max(1, maxBytes - size);
    chunk =
        new byte[Math.min(room, Math.min(LARGEST_CHUNK_BYTES, Math.max(size, FIRST_CHUNK_BYTES)))];
    filled = 0;
  }

  private byte[] join() {
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] full : fullChunks) {
      System.arraycopy(full, 0, whole, at, full.length);
      at += full.length;
    }
    System.arraycopy(chunk, 0, whole, at, filled);
    fullChunks.clear();
    chunk = NOTHING;
    return whole;
  }

  private Inflater begun() {
    if (inflater == null) throw new AssertionError("no message has begun");
    return inflater;
  }

  private void release() {
    // With takeover the next message may refer to the last.
    if (inflater != null && (!takeover || idle.isClosed())) {
      inflater.end();
      inflater = null;
    }
    firstChunk = NOTHING;
  }

  private static ProtocolViolated broken(@Nullable String why) {
    return new ProtocolViolated(
        CloseFrame.INVALID_TEXT, "compressed message must be whole DEFLATE: " + why);
  }
}
