package io.holdfast.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment, numbers big-endian:
 *
 * <pre>
 *   magic (8)  version (4)  CRC-32 (4)  number (8)  salt (8)  length (4)  0 (4)
 *   previous number (8)  previous end (4)  flags (4)
 *   next sequence (8)  handed up to (8)
 * </pre>
 *
 * The CRC covers the other bytes, and keeps its place in later versions. What the newest segment
 * alone must tell stands here, so that all older ones can go.
 *
 * @param number from 1, one more for each segment
 * @param salt chance, which goes into each record's check: what a file of another life left on the
 *     disk never passes it
 * @param length of the whole file, as it was made
 * @param previousNumber of the segment that was written before; 0 if there is none
 * @param previousEnd where that one ends. What lies behind was never told to be durable, even if it
 *     passes its check, and is never read
 * @param nextSequence higher than any that was given before
 * @param handing whether a transport may have messages
 * @param handedUpTo the highest sequence that a transport was ever known to have had
 */
record SegmentHeader(
    long number,
    long salt,
    int length,
    long previousNumber,
    int previousEnd,
    long nextSequence,
    boolean handing,
    long handedUpTo) {

  static final int SIZE = 72;
  static final int VERSION = 1;

  private static final long MAGIC = 0x484F4C4446415354L;
  private static final int CRC_AT = 12;
  private static final int HANDING = 1;

  byte[] encode() {
    byte[] bytes = new byte[SIZE];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(number).putLong(salt);
    out.putInt(length).putInt(0);
    out.putLong(previousNumber).putInt(previousEnd).putInt(handing ? HANDING : 0);
    out.putLong(nextSequence).putLong(handedUpTo);
    out.putInt(CRC_AT, crc(bytes));
    return bytes;
  }

  /**
   * Returns the header of a segment's {@code bytes}; null if it fails its check.
   *
   * @throws IOException if a newer version wrote it
   */
  static @Nullable SegmentHeader decode(byte[] bytes) throws IOException {
    if (bytes.length < SIZE) return null;
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, SIZE);
    long magic = in.getLong();
    int version = in.getInt();
    if (magic != MAGIC || in.getInt() != crc(bytes)) return null;
    if (version != VERSION) {
      throw new IOException("the journal's version must be " + VERSION + " but was " + version);
    }
    long number = in.getLong();
    long salt = in.getLong();
    int length = (int) (in.getLong() >>> 32);
    long previousNumber = in.getLong();
    int previousEnd = in.getInt();
    int flags = in.getInt();
    return new SegmentHeader(
        number,
        salt,
        length,
        previousNumber,
        previousEnd,
        in.getLong(),
        (flags & HANDING) != 0,
        in.getLong());
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, CRC_AT);
    crc.update(bytes, CRC_AT + 4, SIZE - CRC_AT - 4);
    return (int) crc.getValue();
  }
}
