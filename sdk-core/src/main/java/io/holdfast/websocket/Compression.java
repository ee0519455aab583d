package io.holdfast.websocket;

/**
 * How messages are compressed: what is offered of permessage-deflate (RFC 7692), and from which
 * size on a message is compressed once the server has accepted. What was agreed is told by {@link
 * io.holdfast.ManagedConnection#extensions}. Immutable.
 *
 * <p>A transport that compresses holds about 300 KiB of native memory for sending, and frees it
 * within a minute of the last compressed message. For receiving it holds about 50 KiB from the
 * first compressed message on; that is freed likewise only if the server keeps no context, for
 * otherwise its next message may refer to the last.
 *
 * <p>Do not compress secrets together with text that an attacker chooses: the size tells of them.
 *
 * @param offered whether permessage-deflate is offered at all
 * @param minBytes the size of the smallest outbound message that is compressed
 * @param serverNoContextTakeover whether the server is asked to compress each message by itself
 *     (section 7.1.1.1)
 * @param clientNoContextTakeover whether each outbound message is compressed by itself (section
 *     7.1.1.2)
 * @param serverMaxWindowBits the largest window that the server is asked to use (section 7.1.2.1),
 *     8 to 15; 0 if it is not asked
 * @param clientMaxWindowBits the largest window of ours that is offered (section 7.1.2.2), 8 to 15;
 *     0 if none is offered. Java's deflater knows 15 alone: with less, only messages of at most 2
 *     to that power bytes are compressed, each by itself, and of these none below {@code minBytes}
 */
public record Compression(
    boolean offered,
    int minBytes,
    boolean serverNoContextTakeover,
    boolean clientNoContextTakeover,
    int serverMaxWindowBits,
    int clientMaxWindowBits) {

  /** Offers permessage-deflate without parameters, and compresses from 1 KiB on. */
  public static final Compression DEFAULT = new Compression(true, 1024, false, false, 0, 0);

  /** Offers nothing. */
  public static final Compression OFF = new Compression(false, 1024, false, false, 0, 0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if {@code minBytes} is negative, or a window is not 0 and not
   *     8 to 15 bits
   */
  public Compression {
    if (minBytes < 0) {
      throw new IllegalArgumentException("minBytes must be >= 0 but was " + minBytes);
    }
    checkBits("serverMaxWindowBits", serverMaxWindowBits);
    checkBits("clientMaxWindowBits", clientMaxWindowBits);
  }

  /** The same with another {@code minBytes}. */
  public Compression withMinBytes(int minBytes) {
    return new Compression(
        offered,
        minBytes,
        serverNoContextTakeover,
        clientNoContextTakeover,
        serverMaxWindowBits,
        clientMaxWindowBits);
  }

  /** The same, and the server is asked to compress each message by itself. */
  public Compression withServerNoContextTakeover() {
    return new Compression(
        offered, minBytes, true, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits);
  }

  /** The same, and each outbound message is compressed by itself. */
  public Compression withClientNoContextTakeover() {
    return new Compression(
        offered, minBytes, serverNoContextTakeover, true, serverMaxWindowBits, clientMaxWindowBits);
  }

  /** The same with a window that the server is asked for. */
  public Compression withServerMaxWindowBits(int bits) {
    return new Compression(
        offered,
        minBytes,
        serverNoContextTakeover,
        clientNoContextTakeover,
        bits,
        clientMaxWindowBits);
  }

  /** The same with a window of ours that is offered. */
  public Compression withClientMaxWindowBits(int bits) {
    return new Compression(
        offered,
        minBytes,
        serverNoContextTakeover,
        clientNoContextTakeover,
        serverMaxWindowBits,
        bits);
  }

  private static void checkBits(String name, int bits) {
    if (bits == 0 || (bits >= 8 && bits <= 15)) return;
    throw new IllegalArgumentException(name + " must be 8 to 15, or 0, but was " + bits);
  }
}
