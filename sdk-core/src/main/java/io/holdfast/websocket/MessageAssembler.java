package io.holdfast.websocket;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts one message together from its fragments, with no more memory than what has come calls for.
 */
final class MessageAssembler {
  private static final byte[] NOTHING = {};
  // What a header alone may make us allocate.
  private static final int UNSEEN_BYTES = 64 * 1024;

  private final InboundLimits limits;
  private final @Nullable MessageInflater inflater;
  private final Utf8Validator utf8 = new Utf8Validator();
  // Kept, so that no chunk costs another.
  private final MessageInflater.Output inflated = this::check;
  private boolean underWay;
  private boolean text;
  private int fragments;
  private byte[] content = NOTHING;
  private int size;
  // Null for a message that is not compressed.
  private @Nullable MessageInflater inflating;
  private long compressedSize;

  MessageAssembler(InboundLimits limits, @Nullable MessageInflater inflater) {
    this.limits = limits;
    this.inflater = inflater;
  }

  /** Returns whether messages may be compressed. */
  boolean canInflate() {
    return inflater != null;
  }

  /** Returns whether a fragment has begun and the message has not ended. */
  boolean isUnderWay() {
    return underWay;
  }

  /** A fragment's header: it will have {@code length} bytes. */
  void beginFragment(int opcode, boolean compressed, long length) throws MessageTooLarge {
    if (opcode != Opcode.CONTINUATION) {
      text = opcode == Opcode.TEXT;
      underWay = true;
      inflating = compressed ? inflater : null;
      if (inflating != null) inflating.begin();
    }
    if (++fragments > limits.fragments()) {
      throw new MessageTooLarge("message must have <= " + limits.fragments() + " fragments");
    }
    if (inflating != null) {
      checkCompressed(length);
    } else if (length > limits.messageBytes() - size) {
      throw new MessageTooLarge(
          "message must be <= "
              + limits.messageBytes()
              + " bytes but has at least "
              + size
              + " and a fragment of "
              + length);
    }
  }

  // Whatever it inflates to is bounded by itself; this bounds what inflates to nothing.
  private void checkCompressed(long length) throws MessageTooLarge {
    long most = 2L * limits.messageBytes() + UNSEEN_BYTES;
    if (length > most - compressedSize) {
      throw new MessageTooLarge("compressed message must be <= " + most + " bytes");
    }
    compressedSize += length;
  }

  /** The fragment's next bytes, out of {@code left} that it still has, these included. */
  void add(byte[] chunk, int start, int end, long left) throws ConnectionException {
    if (inflating != null) {
      inflating.add(chunk, start, end, inflated);
      return;
    }
    int count = end - start;
    if (size + count > content.length) grow(count, (int) left);
    System.arraycopy(chunk, start, content, size, count);
    size += count;
    check(chunk, start, end);
  }

  private void check(byte[] bytes, int start, int end) throws ProtocolViolated {
    if (text && !utf8.accept(bytes, start, end)) throw notUtf8();
  }

  private void grow(int count, int left) {
    int seen = Math.max(size + count, (int) Math.min(2L * size, limits.messageBytes()));
    // Never above what is announced, so that the last step fits exactly and spares a copy.
    content = Arrays.copyOf(content, Math.min(size + left, Math.max(seen, UNSEEN_BYTES)));
  }

  /** Returns the message, and is ready for the next. */
  Message finish() throws ConnectionException {
    byte[] whole = inflating == null ? content() : inflating.finish();
    if (text && !utf8.isComplete()) throw notUtf8();
    Message message = text ? Message.wrapUtf8(whole) : Message.wrap(whole);
    content = NOTHING;
    size = 0;
    compressedSize = 0;
    fragments = 0;
    underWay = false;
    utf8.reset();
    return message;
  }

  private byte[] content() {
    return size == content.length ? content : Arrays.copyOf(content, size);
  }

  /** Frees what it holds. */
  void close() {
    if (inflater != null) inflater.close();
  }

  private static ProtocolViolated notUtf8() {
    return new ProtocolViolated(CloseFrame.INVALID_TEXT, "text message must be UTF-8");
  }
}
