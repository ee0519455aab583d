package io.holdfast.testkit;

import java.io.IOException;
import java.net.ProtocolException;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;

/** Reads a client's frames, and puts messages together from their fragments. */
final class Incoming {
  private static final long LIMIT_BYTES = 64L * 1024 * 1024;

  private final BufferedSource source;
  private final Buffer message = new Buffer();
  private int opcode;

  Incoming(BufferedSource source) {
    this.source = source;
  }

  RawFrame readFrame() throws IOException {
    int first = source.readByte() & 0xff;
    int second = source.readByte() & 0xff;
    long size = readLength(second & 0x7f);
    if (size < 0 || size > LIMIT_BYTES) {
      throw new ProtocolException("length must be 0 to 64 MiB but was " + size);
    }
    boolean masked = (second & 0x80) != 0;
    ByteString key = masked ? source.readByteString(4) : null;
    ByteString wire = source.readByteString(size);
    ByteString payload = key == null ? wire : RawFrame.masked(wire, key);
    return new RawFrame((first & 0x80) != 0, (first & 0x70) >> 4, first & 0x0f, payload, key);
  }

  private long readLength(int shortLength) throws IOException {
    if (shortLength < RawFrame.SHORT_LENGTH) return shortLength;
    boolean wide = shortLength == RawFrame.LONG_LENGTH;
    return wide ? source.readLong() : source.readShort() & 0xffff;
  }

  /** Takes a data frame, which begins a message or goes on with one. */
  void add(RawFrame frame) {
    if (frame.opcode() != RawFrame.CONTINUATION) opcode = frame.opcode();
    message.write(frame.payload());
  }

  /** The whole message, which is over. */
  RawFrame takeMessage() {
    return RawFrame.of(opcode, true, message.readByteString());
  }
}
