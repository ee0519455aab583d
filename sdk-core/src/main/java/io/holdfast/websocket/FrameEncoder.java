package io.holdfast.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes a client's frames (RFC 6455 section 5) into one buffer of fixed size, and hands it on each
 * time that it is full, so that a large message is never copied whole.
 */
final class FrameEncoder {
  static final int PIECE_BYTES = 16 * 1024;
  private static final int LONGEST_HEADER = 14;
  static final int LAST = 0x80;
  private static final int MASKED = 0x80;

  /** Where pieces go. */
  interface Output {
    /** Takes {@code piece} up to {@code end}, and keeps none of it. */
    void write(byte[] piece, int end) throws IOException;
  }

  private final MaskKeys keys;
  private final Output output;
  private final byte[] piece = new byte[PIECE_BYTES];
  // The same bytes, for access in more than one at a time.
  private final ByteBuffer wide = ByteBuffer.wrap(piece);
  private int filled;

  FrameEncoder(MaskKeys keys, Output output) {
    this.keys = keys;
    this.output = output;
  }

  void control(int opcode, byte[] payload) throws IOException {
    // Read-only as a message's payload is: the masking loop sees one class and stays fast.
    frame(LAST | opcode, ByteBuffer.wrap(payload).asReadOnlyBuffer(), 0, payload.length);
  }

  /** Hands on what is left. */
  void finish() throws IOException {
    if (filled == 0) return;
    output.write(piece, filled);
    filled = 0;
  }

  /** Writes {@code payload} from {@code start} to {@code end}; {@code first} is the first byte. */
  void frame(int first, ByteBuffer payload, int start, int end) throws IOException {
    if (PIECE_BYTES - filled < LONGEST_HEADER) finish();
    int key = keys.next();
    header(first, end - start, key);
    int from = start;
    while (from < end) {
      if (filled == PIECE_BYTES) finish();
      int count = Math.min(end - from, PIECE_BYTES - filled);
      mask(payload, from, count, key);
      from += count;
      key = Integer.rotateLeft(key, 8 * (count & 3));
    }
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

  private void mask(ByteBuffer payload, int from, int count, int key) {
    long wideKey = (long) key << 32 | (key & 0xffffffffL);
    int done = 0;
    for (; done <= count - 8; done += 8) {
      wide.putLong(filled + done, payload.getLong(from + done) ^ wideKey);
    }
    for (; done < count; done++) {
      piece[filled + done] = (byte) (payload.get(from + done) ^ (key >>> (24 - 8 * (done & 3))));
    }
    filled += count;
  }
}
