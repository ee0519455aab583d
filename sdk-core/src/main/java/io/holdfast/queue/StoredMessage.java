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
 * @param conflationKey as in {@link SendOptions}; at most {@value
 *     SendOptions#MAX_CONFLATION_KEY_BYTES} bytes of UTF-8
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
    @Nullable String conflationKey,
    Map<String, String> metadata) {

  /** An {@link #expiresAtMillis} that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  /** How many bytes the metadata of one message may take. */
  public static final int MAX_METADATA = SendOptions.MAX_METADATA_BYTES;

  /** How many bytes a protocol's state may have. */
  public static final int MAX_STATE = 64 * 1_024;

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
    if (conflationKey != null) {
      int bytes = MessageCodec.utf8(conflationKey).length;
      atMost("conflationKey", SendOptions.MAX_CONFLATION_KEY_BYTES, bytes);
    }
  }

  private static void atMost(String name, int bound, int bytes) {
    if (bytes > bound) {
      throw new IllegalArgumentException(
          name + " must be at most " + bound + " bytes but was " + bytes);
    }
  }

  /** Returns {@code message} with {@code options}, accepted at {@code nowMillis}. */
  public static StoredMessage of(Message message, SendOptions options, long nowMillis) {
    return new StoredMessage(
        message,
        options.assurance(),
        options.atMostOnce(),
        options.requireConfirmation(),
        nowMillis,
        expiry(nowMillis, options.timeToLive()),
        options.conflationKey(),
        options.metadata());
  }

  /** Returns the options; the time to live is counted from {@link #acceptedAtMillis}. */
  public SendOptions options() {
    Duration timeToLive =
        expiresAtMillis == NEVER
            ? null
            : Duration.ofMillis(Math.max(1, expiresAtMillis - acceptedAtMillis));
    return new SendOptions(
        assurance, atMostOnce, requireConfirmation, timeToLive, conflationKey, metadata);
  }

  // A time to live of less than a millisecond must not have passed at once.
  private static long expiry(long nowMillis, @Nullable Duration timeToLive) {
    if (timeToLive == null) return NEVER;
    long millis = Math.max(1, timeToLive.toMillis());
    return nowMillis > NEVER - millis ? NEVER : nowMillis + millis;
  }
}
