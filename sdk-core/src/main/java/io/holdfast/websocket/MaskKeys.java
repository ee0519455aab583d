package io.holdfast.websocket;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Unpredictable masking keys (RFC 6455 section 5.3), drawn many at a time: one draw is a system
 * call.
 */
final class MaskKeys {
  private final SecureRandom random;
  private final byte[] block = new byte[1024];
  private final ByteBuffer keys = ByteBuffer.wrap(block);
  private int used = block.length;

  MaskKeys(SecureRandom random) {
    this.random = random;
  }

  int next() {
    if (used == block.length) {
      random.nextBytes(block);
      used = 0;
    }
    int key = keys.getInt(used);
    used += Integer.BYTES;
    return key;
  }
}
