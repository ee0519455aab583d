package io.holdfast.queue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Records, one after another from the end of the header, numbers big-endian:
 *
 * <pre>
 *   length of body (4)  type (1)  sequence (8)  CRC-32 (4)  body
 * </pre>
 *
 * The CRC covers the segment's salt and number, the record's place in it, length, type, sequence
 * and body. So neither a torn record, nor one of another segment or place, nor the zeros of what
 * was preallocated pass the check.
 *
 * <pre>
 *   type         sequence   body
 *   1 message    its own    see MessageCodec
 *   2 released   0          pairs of first and last sequence (8 + 8)
 *   3 state      0          the protocol's
 *   4 handing    0          none
 *   5 handed     up to      none
 * </pre>
 */
final class RecordCodec {
  static final int HEAD = 17;
  static final byte MESSAGE = 1;
  static final byte RELEASED = 2;
  static final byte STATE = 3;
  static final byte HANDING = 4;
  static final byte HANDED = 5;

  private static final int CRC_AT = 13;
  private static final int KEPT_BUFFER = 2 << 20;

  // One thread at a time uses the fields below.
  private final CRC32 crc = new CRC32();
  private final byte[] identity = new byte[20];
  private byte[] buffer = new byte[8_192];

  /** What {@link #encode} made. */
  byte[] buffer() {
    return buffer;
  }

  static long size(Operation operation) {
    return HEAD + bodySize(operation);
  }

  private static long bodySize(Operation operation) {
    if (operation instanceof Operation.Append append) return MessageCodec.size(append.message());
    if (operation instanceof Operation.Copy copy) return copy.length();
    if (operation instanceof Operation.SaveState save) return save.state().length;
    if (operation instanceof Operation.Released released) return 8L * released.ranges().length;
    return 0;
  }

  /** Puts records into the buffer as they belong at {@code position}. Returns their length. */
  int encode(List<Operation> operations, int bytes, SegmentHeader segment, int position) {
    if (buffer.length < bytes || buffer.length > Math.max(bytes, KEPT_BUFFER)) {
      buffer = new byte[Math.max(bytes, 8_192)];
    }
    ByteBuffer out = ByteBuffer.wrap(buffer);
    for (Operation operation : operations) {
      int start = out.position();
      int length = (int) bodySize(operation);
      out.putInt(length).put(type(operation)).putLong(sequence(operation)).putInt(0);
      encodeBody(operation, out);
      out.putInt(start + CRC_AT, crc(segment, position + start, buffer, start, length));
    }
    return out.position();
  }

  private static byte type(Operation operation) {
    if (operation instanceof Operation.Append || operation instanceof Operation.Copy) {
      return MESSAGE;
    }
    if (operation instanceof Operation.Released) return RELEASED;
    if (operation instanceof Operation.SaveState) return STATE;
    if (operation instanceof Operation.Handing) return HANDING;
    if (operation instanceof Operation.Handed) return HANDED;
    throw new AssertionError(operation);
  }

  private static long sequence(Operation operation) {
    if (operation instanceof Operation.Append append) return append.sequence();
    if (operation instanceof Operation.Copy copy) return copy.sequence();
    if (operation instanceof Operation.Handed handed) return handed.upTo();
    return 0;
  }

  private static void encodeBody(Operation operation, ByteBuffer out) {
    if (operation instanceof Operation.Append append) {
      MessageCodec.encode(append.message(), out);
    } else if (operation instanceof Operation.Copy copy) {
      out.put(copy.from(), copy.offset(), copy.length());
    } else if (operation instanceof Operation.SaveState save) {
      out.put(save.state());
    } else if (operation instanceof Operation.Released released) {
      for (long bound : released.ranges()) out.putLong(bound);
    }
  }

  /** A record's place in its segment. */
  record Found(byte type, long sequence, int position, int length) {
    int body() {
      return position + HEAD;
    }

    int end() {
      return position + HEAD + length;
    }
  }

  /** Returns whether a record begins at {@code position}, ends by {@code end}, and checks. */
  boolean check(SegmentHeader segment, byte[] bytes, int position, int end) {
    if (end - position < HEAD) return false;
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int length = in.getInt(position);
    return length >= 0
        && length <= end - position - HEAD
        && in.getInt(position + CRC_AT) == crc(segment, position, bytes, position, length);
  }

  static Found found(byte[] bytes, int position) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Found(in.get(position + 4), in.getLong(position + 5), position, in.getInt(position));
  }

  private int crc(SegmentHeader segment, int position, byte[] bytes, int start, int length) {
    ByteBuffer.wrap(identity).putLong(segment.salt()).putLong(segment.number()).putInt(position);
    crc.reset();
    crc.update(identity, 0, identity.length);
    crc.update(bytes, start, CRC_AT);
    crc.update(bytes, start + HEAD, length);
    return (int) crc.getValue();
  }
}
