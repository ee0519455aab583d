package io.holdfast.queue;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as a {@link SendQueue} keeps it, with its options and with times of the wall clock,
 * which mean something in the next life too.
 *
 * @param message what is sent
 * @param assurance how far it must come
 * @param atMostOnce whether a resend is forbidden
 * @param requireConfirmation as in {@link SendOptions}
 * @param acceptedAtMillis when it was accepted, in milliseconds since 1970
 * @param expiresAtMillis when its time to live ends, or {@link #NEVER}
 * @param key of which only the newest message counts; null if each counts; at most 255 bytes of
 *     UTF-8
 * @param metadata what the app wants to find with it after a restart: at most {@link #MAX_METADATA}
 *     bytes as it is encoded, which is its strings in UTF-8 and 2 bytes for each
 */
public record StoredMessage(
    Message message,
    Assurance assurance,
    boolean atMostOnce,
    boolean requireConfirmation,
    long acceptedAtMillis,
    long expiresAtMillis,
    @Nullable String key,
    Map<String, String> metadata) {

  /** An {@link #expiresAtMillis} that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  /** How many bytes the metadata of one message may take. */
  public static final int MAX_METADATA = 1_024;

  /** How many bytes a protocol's state may have. */
  public static final int MAX_STATE = 64 * 1_024;

  private static final int MAX_KEY = 255;

  /**
   * Copies the metadata, in its order.
   *
   * @throws IllegalArgumentException if the key or the metadata is too long, or a string holds an
   *     unpaired surrogate
   */
  public StoredMessage {
    requireNonNull(message, "message");
    requireNonNull(assurance, "assurance");
    metadata =
        metadata.isEmpty()
            ? Collections.emptyMap()
            : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    atMost("metadata", MAX_METADATA, MessageCodec.sizeOf(metadata));
    if (key != null) atMost("key", MAX_KEY, MessageCodec.utf8(key).length);
  }

  private static void atMost(String name, int bound, int bytes) {
    if (bytes > bound) {
      throw new IllegalArgumentException(
          name + " must be at most " + bound + " bytes but was " + bytes);
    }
  }

  /** Returns {@code message} with {@code options}, accepted at {@code nowMillis}. */
  public static StoredMessage of(
      Message message, SendOptions options, long nowMillis, Map<String, String> metadata) {
    return new StoredMessage(
        message,
        options.assurance(),
        options.atMostOnce(),
        options.requireConfirmation(),
        nowMillis,
        expiry(nowMillis, options.timeToLive()),
        null,
        metadata);
  }

  // A time to live of less than a millisecond must not have passed at once.
  private static long expiry(long nowMillis, @Nullable Duration timeToLive) {
    if (timeToLive == null) return NEVER;
    long millis = Math.max(1, timeToLive.toMillis());
    return nowMillis > NEVER - millis ? NEVER : nowMillis + millis;
  }
}
