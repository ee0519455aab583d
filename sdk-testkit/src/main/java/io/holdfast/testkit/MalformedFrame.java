package io.holdfast.testkit;

import okio.ByteString;

/**
 * What a server must not send, one example for each rule of RFC 6455 that a frame can break. For
 * {@link TestServer#pushRaw} and {@link RawSession#send(ByteString)}.
 */
public enum MalformedFrame {
  /** A reserved bit with no extension to give it a meaning (section 5.2). */
  RESERVED_BIT("c10178", 1002),
  /** A data frame of an opcode with no meaning (section 5.2). */
  RESERVED_DATA_OPCODE("830178", 1002),
  /** A control frame of an opcode with no meaning (section 5.2). */
  RESERVED_CONTROL_OPCODE("8b00", 1002),
  /** A frame that is masked, which only a client's may be (section 5.1). */
  MASKED("81810000000078", 1002),
  /** A length of 5 in the form for 126 and more (section 5.2). */
  LENGTH_NOT_SHORTEST("817e00057878787878", 1002),
  /** A length whose highest bit is set (section 5.2). */
  LENGTH_NEGATIVE("817fffffffffffffffff", 1002),
  /** A ping without FIN (section 5.5). */
  FRAGMENTED_PING("090178", 1002),
  /** A ping of 126 bytes (section 5.5). */
  LONG_PING("897e007e" + "78".repeat(126), 1002),
  /** A continuation of nothing (section 5.4). */
  LONE_CONTINUATION("800178", 1002),
  /** A message that begins inside another (section 5.4). */
  INTERRUPTED_MESSAGE("010178" + "810178", 1002),
  /** A text that is not UTF-8 (section 8.1). */
  INVALID_UTF8("8102c328", 1007),
  /** A Close with half a code (section 5.5.1). */
  CLOSE_OF_ONE_BYTE("880103", 1002),
  /** A Close with code 999, below all that exist (section 7.4.2). */
  CLOSE_CODE_TOO_LOW("880203e7", 1002),
  /** A Close with code 1005, which stands for none and is never sent (section 7.4.1). */
  CLOSE_CODE_NEVER_SENT("880203ed", 1002),
  /** A Close whose reason is not UTF-8 (section 5.5.1). */
  CLOSE_REASON_INVALID_UTF8("880403e8c328", 1007);

  private final String hex;
  private final int closeCode;

  MalformedFrame(String hex, int closeCode) {
    this.hex = hex;
    this.closeCode = closeCode;
  }

  /** As it goes over the wire. */
  public ByteString bytes() {
    return ByteString.decodeHex(hex);
  }

  /** The code of the Close with which RFC 6455 wants it answered: 1002 or 1007. */
  public int closeCode() {
    return closeCode;
  }
}
