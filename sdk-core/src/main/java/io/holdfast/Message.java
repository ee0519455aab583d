package io.holdfast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket message, text or binary (RFC 6455 section 5.6). Immutable; equal if type and
 * content are.
 *
 * <p>The browser's {@code binaryType} chooses how binary messages are shown; here every {@link
 * Binary} shows itself both as {@link Binary#toByteArray} and as {@link #payload}.
 */
public sealed interface Message {

  /**
   * Returns a text message.
   *
   * @throws IllegalArgumentException if {@code text} holds an unpaired surrogate, which UTF-8
   *     cannot carry
   */
  static Text text(String text) {
    return new Text(text);
  }

  /** Returns a binary message with a copy of {@code bytes}. */
  static Binary binary(byte[] bytes) {
    return new Binary(Arrays.copyOf(bytes, bytes.length));
  }

  /** Returns a binary message with a copy of what remains in {@code bytes}, which is not moved. */
  static Binary binary(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return new Binary(copy);
  }

  /**
   * Returns a text message over bytes that were checked to be UTF-8, without a copy. For
   * transports: the caller gives {@code utf8} away and must not change it.
   */
  static Text wrapUtf8(byte[] utf8) {
    return new Text(utf8);
  }

  /**
   * Returns a binary message over {@code bytes} without a copy. For transports: the caller gives
   * {@code bytes} away and must not change it.
   */
  static Binary wrap(byte[] bytes) {
    return new Binary(bytes);
  }

  /** Returns the payload's length in bytes; of text, in UTF-8. */
  int size();

  /** Returns a read-only view of the payload, positioned at its start; of text, in UTF-8. */
  ByteBuffer payload();

  /**
   * Copies {@code count} bytes of the payload, from {@code start} on, into {@code target} from
   * {@code at} on; of text, in UTF-8. For transports: no view is made.
   *
   * @throws IndexOutOfBoundsException if there are not so many bytes, or not so much room
   */
  void copyTo(int start, byte[] target, int at, int count);

  /** A text message. */
  final class Text implements Message {
    // Each is derived from the other when first asked for; a race computes it twice, no more.
    private volatile @Nullable String text;
    private volatile byte @Nullable [] utf8;

    private Text(String text) {
      checkWellFormed(text);
      this.text = text;
    }

    private Text(byte[] utf8) {
      this.utf8 = requireNonNull(utf8);
    }

    /** Returns the text. */
    public String text() {
      String known = text;
      if (known == null) text = known = new String(requireNonNull(utf8), UTF_8);
      return known;
    }

    private byte[] utf8() {
      byte[] known = utf8;
      if (known == null) utf8 = known = requireNonNull(text).getBytes(UTF_8);
      return known;
    }

    @Override
    public int size() {
      return utf8().length;
    }

    @Override
    public ByteBuffer payload() {
      return ByteBuffer.wrap(utf8()).asReadOnlyBuffer();
    }

    @Override
    public void copyTo(int start, byte[] target, int at, int count) {
      System.arraycopy(utf8(), start, target, at, count);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Text that && text().equals(that.text());
    }

    @Override
    public int hashCode() {
      return text().hashCode();
    }

    @Override
    public String toString() {
      return "Text[" + size() + " bytes]";
    }

    private static void checkWellFormed(String text) {
      int index = 0;
      while (index < text.length()) {
        int codePoint = text.codePointAt(index);
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
          throw new IllegalArgumentException(
              "text must have only paired surrogates but has a lone one at index " + index);
        }
        index += Character.charCount(codePoint);
      }
    }
  }

  /** A binary message. */
  final class Binary implements Message {
    private final byte[] bytes;

    private Binary(byte[] bytes) {
      this.bytes = requireNonNull(bytes);
    }

    /** Returns a copy of the payload. */
    public byte[] toByteArray() {
      return Arrays.copyOf(bytes, bytes.length);
    }

    @Override
    public int size() {
      return bytes.length;
    }

    @Override
    public ByteBuffer payload() {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public void copyTo(int start, byte[] target, int at, int count) {
      System.arraycopy(bytes, start, target, at, count);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Binary that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Binary[" + bytes.length + " bytes]";
    }
  }
}
