package io.holdfast.queue;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.time.Duration;

/**
 * A message as a {@link SendQueue} keeps it, with a time of the wall clock, which means something
 * in the next life too.
 *
 * @param message what is sent
 * @param options how it is to be treated; a time to live is kept in whole milliseconds
 * @param acceptedAtMillis when it was accepted, in milliseconds since 1970
 */
public record StoredMessage(Message message, SendOptions options, long acceptedAtMillis) {

  /** An {@link #expiresAtMillis} that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  /** How many bytes a protocol's state may have. */
  public static final int MAX_STATE = 64 * 1_024;

  /** Checks for null alone. */
  public StoredMessage {
    requireNonNull(message, "message");
    requireNonNull(options, "options");
  }

  /** Returns when its time to live ends, in milliseconds since 1970, or {@link #NEVER}. */
  public long expiresAtMillis() {
    Duration timeToLive = options.timeToLive();
    if (timeToLive == null) return NEVER;
    // One of less than a millisecond must not have passed at once.
    long millis = Math.max(1, timeToLive.toMillis());
    return acceptedAtMillis > NEVER - millis ? NEVER : acceptedAtMillis + millis;
  }
}
