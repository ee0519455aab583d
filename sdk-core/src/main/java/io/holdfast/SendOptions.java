package io.holdfast;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
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
 *     only the newest is sent. At most {@value #MAX_CONFLATION_KEY_LENGTH} characters; null, the
 *     default, for none
 */
public record SendOptions(
    Assurance assurance,
    boolean atMostOnce,
    boolean requireConfirmation,
    @Nullable Duration timeToLive,
    @Nullable String conflationKey) {

  /** The most characters of a {@link #conflationKey}. */
  public static final int MAX_CONFLATION_KEY_LENGTH = 256;

  /** {@link Assurance#CONFIRMED}, resent if need be, no time to live, no key. */
  public static final SendOptions DEFAULT =
      new SendOptions(Assurance.CONFIRMED, false, false, null, null);

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
  }

  private static void check(String key) {
    if (key.isEmpty()) throw new IllegalArgumentException("conflationKey must not be empty");
    if (key.length() > MAX_CONFLATION_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "conflationKey must have at most %d characters but had %d"
              .formatted(MAX_CONFLATION_KEY_LENGTH, key.length()));
    }
  }

  /** Returns these options with another assurance. */
  public SendOptions withAssurance(Assurance assurance) {
    return new SendOptions(assurance, atMostOnce, requireConfirmation, timeToLive, conflationKey);
  }

  /** Returns these options with resends forbidden. */
  public SendOptions withAtMostOnce() {
    return new SendOptions(assurance, true, requireConfirmation, timeToLive, conflationKey);
  }

  /** Returns these options with {@link Fate.Written} not good enough. */
  public SendOptions withRequireConfirmation() {
    return new SendOptions(assurance, atMostOnce, true, timeToLive, conflationKey);
  }

  /**
   * Returns these options with a time to live.
   *
   * @throws IllegalArgumentException if {@code timeToLive} is zero or negative
   */
  public SendOptions withTimeToLive(Duration timeToLive) {
    return new SendOptions(assurance, atMostOnce, requireConfirmation, timeToLive, conflationKey);
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
        requireNonNull(conflationKey, "conflationKey"));
  }
}
