package io.holdfast;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one message is to be treated.
 *
 * @param assurance how far it must come; {@link Assurance#CONFIRMED} by default
 * @param atMostOnce whether a resend after a lost transport is forbidden; then its fate is {@link
 *     Fate.InDoubt} instead. False by default
 * @param requireConfirmation whether {@link Fate.InDoubt} is told, rather than {@link
 *     Fate.Written}, when the peer is known to answer no pings, so that {@link Assurance#CONFIRMED}
 *     cannot be had. False by default
 * @param timeToLive how long it may wait to be handed to a transport, counted from {@code send};
 *     null, the default, for ever
 * @param conflationKey what the message is the value of, such as a slider's or a cursor's position:
 *     while an older one with the same key is queued, that one ends {@link Fate.Conflated}, and
 *     only the newest is sent. At most {@value #MAX_CONFLATION_KEY_BYTES} bytes of UTF-8; null, the
 *     default, for none
 * @param metadata what a {@link io.holdfast.queue.SendQueue} keeps with the message, so that the
 *     app knows it again after a restart; not sent. At most {@value #MAX_METADATA_BYTES} bytes: its
 *     strings in UTF-8 and 2 bytes for each; empty by default
 */
public record SendOptions(
    Assurance assurance,
    boolean atMostOnce,
    boolean requireConfirmation,
    @Nullable Duration timeToLive,
    @Nullable String conflationKey,
    Map<String, String> metadata) {

  /** The most bytes of a {@link #conflationKey}. */
  public static final int MAX_CONFLATION_KEY_BYTES = 255;

  /** The most bytes of {@link #metadata}. */
  public static final int MAX_METADATA_BYTES = 1_024;

  /** {@link Assurance#CONFIRMED}, resent if need be, no time to live, no key. */
  public static final SendOptions DEFAULT =
      new SendOptions(Assurance.CONFIRMED, false, false, null, null, Map.of());

  /**
   * Checks the time to live and the conflation key.
   *
   * @throws IllegalArgumentException if {@code timeToLive} is zero or negative, or {@code
   *     conflationKey} is empty or too long
   */
  public SendOptions {
    requireNonNull(assurance, "assurance");
    if (timeToLive != null) Checks.positive("timeToLive", timeToLive);
    if (conflationKey != null) check(conflationKey);
    // In its order.
    if (!metadata.isEmpty()) metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    long bytes = 0;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      bytes += 4L + utf8(entry.getKey()) + utf8(entry.getValue());
    }
    atMost("metadata", MAX_METADATA_BYTES, bytes);
  }

  private static void check(String key) {
    if (key.isEmpty()) throw new IllegalArgumentException("conflationKey must not be empty");
    atMost("conflationKey", MAX_CONFLATION_KEY_BYTES, utf8(key));
  }

  private static int utf8(String text) {
    return Message.text(text).size();
  }

  private static void atMost(String name, int bound, long bytes) {
    if (bytes > bound) {
      throw new IllegalArgumentException(
          name + " must be at most " + bound + " bytes but was " + bytes);
    }
  }

  /** Returns these options with another assurance. */
  public SendOptions withAssurance(Assurance assurance) {
    return new SendOptions(
        assurance, atMostOnce, requireConfirmation, timeToLive, conflationKey, metadata);
  }

  /** Returns these options with resends forbidden. */
  public SendOptions withAtMostOnce() {
    return new SendOptions(
        assurance, true, requireConfirmation, timeToLive, conflationKey, metadata);
  }

  /** Returns these options with {@link Fate.Written} not good enough. */
  public SendOptions withRequireConfirmation() {
    return new SendOptions(assurance, atMostOnce, true, timeToLive, conflationKey, metadata);
  }

  /**
   * Returns these options with a time to live.
   *
   * @throws IllegalArgumentException if {@code timeToLive} is zero or negative
   */
  public SendOptions withTimeToLive(Duration timeToLive) {
    return new SendOptions(
        assurance, atMostOnce, requireConfirmation, timeToLive, conflationKey, metadata);
  }

  /**
   * Returns these options with a conflation key. A newer message ends an older one that is queued,
   * and leaves in the order of its own {@code send}; what a transport has already is left alone.
   *
   * @throws IllegalArgumentException if {@code conflationKey} is empty or too long
   */
  public SendOptions withConflationKey(String conflationKey) {
    return new SendOptions(
        assurance,
        atMostOnce,
        requireConfirmation,
        timeToLive,
        requireNonNull(conflationKey, "conflationKey"),
        metadata);
  }

  /**
   * Returns these options with metadata, instead of what they had.
   *
   * @throws IllegalArgumentException if {@code metadata} is too long, or a string holds an unpaired
   *     surrogate
   */
  public SendOptions withMetadata(Map<String, String> metadata) {
    return new SendOptions(
        assurance, atMostOnce, requireConfirmation, timeToLive, conflationKey, metadata);
  }
}
