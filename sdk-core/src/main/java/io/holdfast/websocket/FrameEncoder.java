package io.holdfast.websocket;

import io.holdfast.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import okio.Buffer;

/**
 * Writes a client's frames (RFC 6455 section 5) into one of Okio's segments at a time, and hands it
 * on each time that it is full, so that a large message is never copied whole. It holds none while
 * there is nothing to write.
 */
final class FrameEncoder {
  /** A segment of Okio's. */
  static final int PIECE_BYTES = 8 * 1024;

  private static final int LONGEST_HEADER = 14;
  static final int LAST = 0x80;
  private static final int MASKED = 0x80;
  private static final byte[] NOTHING = {};

  /** Where pieces go. */
  interface Output {
    /** Takes all of {@code piece}. */
    void write(Buffer piece) throws IOException;
  }

  private final MaskKeys keys;
  private final Output output;
  private final Buffer buffer = new Buffer();
  private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();

  // The segment under way, from where we began to fill it to where it ends.
  private byte[] piece = NOTHING;
  // The same bytes, for access in more than one at a time.
  private ByteBuffer wide = ByteBuffer.wrap(NOTHING);
  private int start;
  private int filled;
  private int end;

  FrameEncoder(MaskKeys keys, Output output) {
    this.keys = keys;
    this.output = output;
  }

  void control(int opcode, byte[] payload) throws IOException {
    frame(LAST | opcode, payload, 0, payload.length);
  }

  /** Hands on what is left. */
  void finish() throws IOException {
    if (filled == start) return;
    cursor.resizeBuffer(filled - start);
    cursor.close();
    piece = NOTHING;
    wide = ByteBuffer.wrap(NOTHING);
    start = filled = end = 0;
    output.write(buffer);
  }

  /** Writes {@code message} from {@code from} to {@code to}; {@code first} is the first byte. */
  void frame(int first, Message message, int from, int to) throws IOException {
    int key = begin(first, to - from);
    for (int at = from; at < to; ) {
      int count = Math.min(to - at, room());
      message.copyTo(at, piece, filled, count);
      key = mask(count, key);
      at += count;
    }
  }

  /** Does the same with bytes of ours. */
  void frame(int first, byte[] payload, int from, int to) throws IOException {
    int key = begin(first, to - from);
    for (int at = from; at < to; ) {
      int count = Math.min(to - at, room());
      System.arraycopy(payload, at, piece, filled, count);
      key = mask(count, key);
      at += count;
    }
  }

  /** Writes the header, and returns the key. */
  private int begin(int first, int length) throws IOException {
    if (end - filled < LONGEST_HEADER) nextPiece();
    int key = keys.next();
    header(first, length, key);
    return key;
  }

  private int room() throws IOException {
    if (filled == end) nextPiece();
    return end - filled;
  }

  private void nextPiece() throws IOException {
    finish();
    buffer.readAndWriteUnsafe(cursor);
    cursor.expandBuffer(PIECE_BYTES);
    piece = cursor.data;
    wide = ByteBuffer.wrap(piece);
    start = filled = cursor.start;
    end = cursor.end;
  }

  private void header(int first, int length, int key) {
    piece[filled++] = (byte) first;
    if (length <= 125) {
      piece[filled++] = (byte) (MASKED | length);
    } else if (length <= 0xffff) {
      piece[filled++] = (byte) (MASKED | 126);
      wide.putShort(filled, (short) length);
      filled += Short.BYTES;
    } else {
      piece[filled++] = (byte) (MASKED | 127);
      wide.putLong(filled, length);
      filled += Long.BYTES;
    }
    wide.putInt(filled, key);
    filled += Integer.BYTES;
  }

  /** Masks what was just copied, and returns the key for what follows. */
  private int mask(int count, int key) {
    long wideKey = (long) key << 32 | (key & 0xffffffffL);
    int until = filled + count;
    int at = filled;
    for (; at <= until - Long.BYTES; at += Long.BYTES) wide.putLong(at, wide.getLong(at) ^ wideKey);
    for (int shift = 24; at < until; at++, shift -= 8) piece[at] ^= (byte) (key >>> shift);
    filled = until;
    return Integer.rotateLeft(key, 8 * (count & 3));
  }
}
