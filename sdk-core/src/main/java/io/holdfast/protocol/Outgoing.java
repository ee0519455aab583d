package io.holdfast.protocol;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.holdfast.SendOptions;

/**
 * A message of the app on its way out.
 *
 * @param id its stable id: the number in the {@link io.holdfast.queue.SendQueue}, which outlives
 *     the process; without one, a number that counts the connection's messages from 1. The same
 *     each time the message is sent, and higher than those of all messages before it
 * @param sequence its place on the wire, given each time it is sent: one more than that of the
 *     message sent before it, from 1. What was evicted, cancelled or rejected leaves no gap. 0
 *     where it is not being sent
 * @param message what the app gave
 * @param options how it is to be treated, with its metadata
 * @param mayHaveArrived whether an earlier transport may have carried it
 */
public record Outgoing(
    long id, long sequence, Message message, SendOptions options, boolean mayHaveArrived) {
  /** Checks for null alone. */
  public Outgoing {
    requireNonNull(message, "message");
    requireNonNull(options, "options");
  }
}
