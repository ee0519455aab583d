package io.holdfast.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.Assurance;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a message's record, numbers big-endian:
 *
 * <pre>
 *   accepted at (8)  expires at (8)  assurance (1)  flags (1)
 *   key:      length (1), UTF-8          only if flag 8 is set
 *   metadata: count of strings (2), then for each: length (2), UTF-8
 *   payload:  the rest
 * </pre>
 *
 * Flags: 1 text, 2 at most once, 4 confirmation required, 8 has a key.
 */
final class MessageCodec {
  private static final int TEXT = 1;
  private static final int AT_MOST_ONCE = 2;
  private static final int REQUIRE_CONFIRMATION = 4;
  private static final int HAS_KEY = 8;
  private static final int FIXED = 8 + 8 + 1 + 1 + 2;
  private static final int SHORT = 0xFFFF;
  // Their places are what is written: new ones go to the end.
  private static final List<Assurance> ASSURANCES =
      List.of(Assurance.WRITTEN, Assurance.CONFIRMED, Assurance.ACKNOWLEDGED);
  private static final Map<String, String> NONE = Collections.emptyMap();

  private MessageCodec() {}

  /** Returns {@code text} in UTF-8, or refuses what that cannot carry. */
  static byte[] utf8(String text) {
    return Message.text(text).text().getBytes(UTF_8);
  }

  /** Returns what {@code metadata} takes, but for the count. */
  static int sizeOf(Map<String, String> metadata) {
    if (metadata.isEmpty()) return 0;
    long bytes = 0;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      bytes += 4L + utf8(entry.getKey()).length + utf8(entry.getValue()).length;
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  /** Returns how long the body is; a long, for a payload may be as large as an array. */
  static long size(StoredMessage stored) {
    String key = stored.options().conflationKey();
    int keySize = key == null ? 0 : 1 + utf8(key).length;
    return (long) FIXED + keySize + sizeOf(stored.options().metadata()) + stored.message().size();
  }

  /** Puts the body into {@code out}, which has an array. */
  static void encode(StoredMessage stored, ByteBuffer out) {
    out.putLong(stored.acceptedAtMillis());
    out.putLong(stored.expiresAtMillis());
    out.put((byte) ASSURANCES.indexOf(stored.options().assurance()));
    out.put((byte) flags(stored));
    String key = stored.options().conflationKey();
    if (key != null) {
      byte[] bytes = utf8(key);
      out.put((byte) bytes.length);
      out.put(bytes);
    }
    encode(stored.options().metadata(), out);
    Message message = stored.message();
    message.copyTo(0, out.array(), out.arrayOffset() + out.position(), message.size());
    // Android's older buffers have no position(int) of their own.
    Buffer moved = out;
    moved.position(out.position() + message.size());
  }

  private static void encode(Map<String, String> metadata, ByteBuffer out) {
    out.putShort((short) (2 * metadata.size()));
    if (metadata.isEmpty()) return;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      encode(entry.getKey(), out);
      encode(entry.getValue(), out);
    }
  }

  private static void encode(String text, ByteBuffer out) {
    byte[] bytes = utf8(text);
    out.putShort((short) bytes.length);
    out.put(bytes);
  }

  private static int flags(StoredMessage stored) {
    return (stored.message() instanceof Message.Text ? TEXT : 0)
        | (stored.options().atMostOnce() ? AT_MOST_ONCE : 0)
        | (stored.options().requireConfirmation() ? REQUIRE_CONFIRMATION : 0)
        | (stored.options().conflationKey() != null ? HAS_KEY : 0);
  }

  /** Reads a body that has passed its check. */
  static StoredMessage decode(ByteBuffer in) {
    long acceptedAtMillis = in.getLong();
    long expiresAtMillis = in.getLong();
    Assurance assurance = ASSURANCES.get(in.get());
    int flags = in.get();
    String key = (flags & HAS_KEY) == 0 ? null : text(in, in.get() & 0xFF);
    Map<String, String> metadata = metadata(in);
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    SendOptions options =
        new SendOptions(
            assurance,
            (flags & AT_MOST_ONCE) != 0,
            (flags & REQUIRE_CONFIRMATION) != 0,
            timeToLive(acceptedAtMillis, expiresAtMillis),
            key,
            metadata);
    return new StoredMessage(
        (flags & TEXT) == 0 ? Message.wrap(payload) : Message.wrapUtf8(payload),
        options,
        acceptedAtMillis);
  }

  private static @Nullable Duration timeToLive(long acceptedAtMillis, long expiresAtMillis) {
    if (expiresAtMillis == StoredMessage.NEVER) return null;
    return Duration.ofMillis(Math.max(1, expiresAtMillis - acceptedAtMillis));
  }

  private static Map<String, String> metadata(ByteBuffer in) {
    int strings = in.getShort() & SHORT;
    // Most have none.
    Map<String, String> metadata = strings == 0 ? NONE : new LinkedHashMap<>();
    for (int left = strings; left > 0; left -= 2) {
      String name = text(in, in.getShort() & SHORT);
      metadata.put(name, text(in, in.getShort() & SHORT));
    }
    return metadata;
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }
}
