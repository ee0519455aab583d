package io.holdfast.websocket;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Unpredictable bytes for all connections: the key stream of AES in counter mode, under a key of
 * {@link SecureRandom}'s that is never told. The JDK's own generators hash with SHA-1, which takes
 * several times as long and makes garbage with each 20 bytes.
 */
final class RandomBytes {
  private static final int AES_BLOCK_BYTES = 16;
  private static final byte[] ZEROS = new byte[512];
  private static final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private static final Cipher keyStream = keyStream(new SecureRandom());

  private RandomBytes() {}

  /** Fills {@code bytes}. */
  static void fill(byte[] bytes) {
    lock.lock();
    try {
      for (int at = 0; at < bytes.length; at += ZEROS.length) {
        keyStream.update(ZEROS, 0, Math.min(ZEROS.length, bytes.length - at), bytes, at);
      }
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  private static Cipher keyStream(SecureRandom random) {
    byte[] key = new byte[AES_BLOCK_BYTES];
    byte[] counter = new byte[AES_BLOCK_BYTES];
    random.nextBytes(key);
    random.nextBytes(counter);
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java and Android has AES", e);
    }
  }
}
