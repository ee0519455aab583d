package io.holdfast.testkit;

import java.nio.charset.StandardCharsets;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket frame (RFC 6455 section 5.2), legal or not.
 *
 * @param fin whether it is the last of its message
 * @param reserved the three bits RSV1 (4), RSV2 (2) and RSV3 (1)
 * @param opcode 0 to 15
 * @param payload the application data, not masked, whatever the key
 * @param maskKey the four bytes that mask it on the wire; null if it is not masked
 */
public record RawFrame(
    boolean fin, int reserved, int opcode, ByteString payload, @Nullable ByteString maskKey) {
  /** Opcode of a message's later fragments. */
  public static final int CONTINUATION = 0x0;

  /** Opcode of a text message. */
  public static final int TEXT = 0x1;

  /** Opcode of a binary message. */
  public static final int BINARY = 0x2;

  /** Opcode of a Close. */
  public static final int CLOSE = 0x8;

  /** Opcode of a ping. */
  public static final int PING = 0x9;

  /** Opcode of a pong. */
  public static final int PONG = 0xa;

  static final int SHORT_LENGTH = 126;
  static final int LONG_LENGTH = 127;

  /**
   * Checks what cannot be put on the wire; everything else may break the protocol.
   *
   * @throws IllegalArgumentException if reserved, opcode or mask key does not fit its field
   */
  public RawFrame {
    check(reserved >= 0 && reserved <= 7, "reserved bits must be 0 to 7 but was ", reserved);
    check(opcode >= 0 && opcode <= 15, "opcode must be 0 to 15 but was ", opcode);
    int keySize = maskKey == null ? 4 : maskKey.size();
    check(keySize == 4, "mask key must have 4 bytes but had ", keySize);
  }

  private static void check(boolean holds, String rule, int value) {
    if (!holds) throw new IllegalArgumentException(rule + value);
  }

  /** An unmasked frame with no reserved bit set, as a server sends it. */
  public static RawFrame of(int opcode, boolean fin, ByteString payload) {
    return new RawFrame(fin, 0, opcode, payload, null);
  }

  /** A whole text message. */
  public static RawFrame text(String text) {
    return of(TEXT, true, ByteString.encodeUtf8(text));
  }

  /** A whole binary message. */
  public static RawFrame binary(byte... bytes) {
    return of(BINARY, true, ByteString.of(bytes));
  }

  /** A ping. */
  public static RawFrame ping(ByteString payload) {
    return of(PING, true, payload);
  }

  /** A pong. */
  public static RawFrame pong(ByteString payload) {
    return of(PONG, true, payload);
  }

  /** A Close with any code that fits two bytes, forbidden ones included. */
  public static RawFrame close(int code, String reason) {
    return of(CLOSE, true, new Buffer().writeShort(code).writeUtf8(reason).readByteString());
  }

  /** A Close with no code. */
  public static RawFrame emptyClose() {
    return of(CLOSE, true, ByteString.EMPTY);
  }

  /** The same frame with FIN as given. */
  public RawFrame withFin(boolean last) {
    return new RawFrame(last, reserved, opcode, payload, maskKey);
  }

  /** The same frame with the reserved bits as given: RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  public RawFrame withReserved(int bits) {
    return new RawFrame(fin, bits, opcode, payload, maskKey);
  }

  /** The same frame, masked on the wire with these four bytes. */
  public RawFrame withMaskKey(ByteString key) {
    return new RawFrame(fin, reserved, opcode, payload, key);
  }

  /** The payload decoded as UTF-8. */
  public String text() {
    return payload.string(StandardCharsets.UTF_8);
  }

  /**
   * The code of a Close.
   *
   * @throws IllegalStateException if the payload is too short to have one
   */
  public int closeCode() {
    if (payload.size() < 2) throw new IllegalStateException("no close code in " + this);
    return payload.asByteBuffer().getShort() & 0xffff;
  }

  /** The reason of a Close; empty if it has none. */
  public String closeReason() {
    int codeBytes = Math.min(2, payload.size());
    return payload.substring(codeBytes).string(StandardCharsets.UTF_8);
  }

  /** The frame as it goes over the wire, its length in the shortest form. */
  public ByteString encode() {
    Buffer wire = new Buffer();
    wire.writeByte((fin ? 0x80 : 0) | (reserved << 4) | opcode);
    writeLength(wire, maskKey == null ? 0 : 0x80);
    if (maskKey == null) return wire.write(payload).readByteString();
    return wire.write(maskKey).write(masked(payload, maskKey)).readByteString();
  }

  private void writeLength(Buffer wire, int maskBit) {
    int size = payload.size();
    if (size < SHORT_LENGTH) {
      wire.writeByte(maskBit | size);
    } else if (size <= 0xffff) {
      wire.writeByte(maskBit | SHORT_LENGTH).writeShort(size);
    } else {
      wire.writeByte(maskBit | LONG_LENGTH).writeLong(size);
    }
  }

  /** Masks, or unmasks. */
  static ByteString masked(ByteString payload, ByteString key) {
    byte[] bytes = payload.toByteArray();
    for (int i = 0; i < bytes.length; i++) bytes[i] ^= key.getByte(i & 3);
    return ByteString.of(bytes);
  }
}
