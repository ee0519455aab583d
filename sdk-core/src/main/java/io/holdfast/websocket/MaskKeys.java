package io.holdfast.websocket;

import java.nio.ByteBuffer;

/** Unpredictable masking keys (RFC 6455 section 5.3), drawn many at a time. */
final class MaskKeys {
  private final byte[] block = new byte[128];
  private final ByteBuffer keys = ByteBuffer.wrap(block);
  private int used = block.length;

  int next() {
    if (used == block.length) {
      RandomBytes.fill(block);
      used = 0;
    }
    int key = keys.getInt(used);
    used += Integer.BYTES;
    return key;
  }
}
