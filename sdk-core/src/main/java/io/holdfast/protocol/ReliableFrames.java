package io.holdfast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.UUID;

/**
 * The binary messages of {@link ReliableProtocol}, which draws them. Numbers are big-endian and not
 * negative.
 */
final class ReliableFrames {
  static final byte HELLO = 'H';
  static final byte WELCOME = 'W';
  static final byte DATA = 'D';
  static final byte ACKNOWLEDGEMENT = 'A';
  static final byte REFUSAL = 'N';
  static final byte RECONNECT = 'R';
  static final byte FATAL = 'F';
  private static final byte TEXT = 'T';
  private static final byte BINARY = 'B';
  private static final int DATA_HEADER = 1 + 1 + 8 + 8;
  private static final int MOST_TEXT_BYTES = 1_024;

  private ReliableFrames() {}

  static Message hello(UUID session, long received) {
    ByteBuffer out = ByteBuffer.allocate(1 + 16 + 8).put(HELLO);
    out.putLong(session.getMostSignificantBits()).putLong(session.getLeastSignificantBits());
    return Message.wrap(out.putLong(received).array());
  }

  static Message data(Outgoing outgoing) {
    Message message = outgoing.message();
    byte[] bytes = new byte[DATA_HEADER + message.size()];
    ByteBuffer.wrap(bytes)
        .put(DATA)
        .put(message instanceof Message.Text ? TEXT : BINARY)
        .putLong(outgoing.sequence())
        .putLong(outgoing.id());
    message.copyTo(0, bytes, DATA_HEADER, message.size());
    return Message.wrap(bytes);
  }

  static Message acknowledgement(long sequence) {
    return Message.wrap(ByteBuffer.allocate(1 + 8).put(ACKNOWLEDGEMENT).putLong(sequence).array());
  }

  /** Returns the next number. */
  static long number(ByteBuffer in) {
    require(in, 8);
    long number = in.getLong();
    if (number < 0) {
      throw new IllegalArgumentException("number must not be negative but was " + number);
    }
    return number;
  }

  static byte octet(ByteBuffer in) {
    require(in, 1);
    return in.get();
  }

  /**
   * Returns the rest, in UTF-8; what is not becomes the replacement character. It is what people
   * read, so a KiB is enough.
   */
  static String text(ByteBuffer in) {
    byte[] read = new byte[Math.min(in.remaining(), MOST_TEXT_BYTES)];
    in.get(read);
    String text = new String(read, UTF_8);
    return in.hasRemaining() ? text + "..." : text;
  }

  /**
   * Returns the message of a {@link #DATA}, from its kind on, of which sequence and id are read.
   */
  static Message payload(byte kind, ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    if (kind == BINARY) return Message.wrap(bytes);
    if (kind != TEXT) {
      throw new IllegalArgumentException("kind of data must be T or B but was " + kind);
    }
    return Message.text(strictUtf8(bytes));
  }

  // A transport checks the text that it frames; nobody has checked this.
  private static String strictUtf8(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text must be UTF-8 but was not", e);
    }
  }

  private static void require(ByteBuffer in, int bytes) {
    if (in.remaining() < bytes) {
      throw new IllegalArgumentException(
          "message must have " + bytes + " more bytes but had " + in.remaining());
    }
  }
}
