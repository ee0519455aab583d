package io.holdfast.internal.outbox;

import java.nio.ByteBuffer;

/**
 * What our pings carry, so that no other pong is taken for theirs.
 *
 * <pre>
 *  0        4                         12
 *  +--------+-------------------------+
 *  | nonce  | number, from 1          |
 *  +--------+-------------------------+
 *  random for each transport
 * </pre>
 */
final class PingPayload {
  private static final int LENGTH = Integer.BYTES + Long.BYTES;

  private PingPayload() {}

  static byte[] encode(int nonce, long number) {
    return ByteBuffer.allocate(LENGTH).putInt(nonce).putLong(number).array();
  }

  /** Returns the ping's number, or -1 if the payload is not one of this transport's. */
  static long decode(int nonce, byte[] payload) {
    if (payload.length != LENGTH) return -1;
    ByteBuffer buffer = ByteBuffer.wrap(payload);
    return buffer.getInt() == nonce ? buffer.getLong() : -1;
  }
}
