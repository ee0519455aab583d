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
 */
public record SendOptions(
    Assurance assurance,
    boolean atMostOnce,
    boolean requireConfirmation,
    @Nullable Duration timeToLive) {

  /** {@link Assurance#CONFIRMED}, resent if need be, no time to live. */
  public static final SendOptions DEFAULT =
      new SendOptions(Assurance.CONFIRMED, false, false, null);

  /**
   * Checks the time to live.
   *
   * @throws IllegalArgumentException if {@code timeToLive} is zero or negative
   */
  public SendOptions {
    requireNonNull(assurance, "assurance");
    if (timeToLive != null) Checks.positive("timeToLive", timeToLive);
  }

  /** Returns these options with another assurance. */
  public SendOptions withAssurance(Assurance assurance) {
    return new SendOptions(assurance, atMostOnce, requireConfirmation, timeToLive);
  }

  /** Returns these options with resends forbidden. */
  public SendOptions withAtMostOnce() {
    return new SendOptions(assurance, true, requireConfirmation, timeToLive);
  }

  /** Returns these options with {@link Fate.Written} not good enough. */
  public SendOptions withRequireConfirmation() {
    return new SendOptions(assurance, atMostOnce, true, timeToLive);
  }

  /**
   * Returns these options with a time to live.
   *
   * @throws IllegalArgumentException if {@code timeToLive} is zero or negative
   */
  public SendOptions withTimeToLive(Duration timeToLive) {
    return new SendOptions(assurance, atMostOnce, requireConfirmation, timeToLive);
  }
}
