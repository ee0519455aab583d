package io.holdfast.protocol;

import io.holdfast.Assurance;
import io.holdfast.ConnectionException;
import io.holdfast.Message;
import io.holdfast.transport.Handshake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application speaks over the transport. It makes a transport ready before the app's
 * messages flow, puts ids into what goes out, and reads acknowledgements from what comes in, so
 * that {@link Assurance#ACKNOWLEDGED} can be had. An object serves one {@link
 * io.holdfast.ManagedConnection.Builder#protocol connection}, through all of its transports:
 *
 * <pre>
 *   begun --> opened --(steps)--> ready --> encode, received, consumed --> lost --.
 *               ^                                                                 |
 *               '------------------------- the next transport -------------------'
 * </pre>
 *
 * <p>Every method has a default that does what a connection without a protocol does. One that
 * stamps messages with their ids and reads acknowledgements:
 *
 * <pre>{@code
 * final class IdAndAck implements Protocol {
 *   public Guarantee guarantee() {
 *     return Guarantee.AT_LEAST_ONCE;
 *   }
 *
 *   public Message encode(ProtocolContext context, Outgoing outgoing) {
 *     return Message.text(outgoing.id() + " " + ((Message.Text) outgoing.message()).text());
 *   }
 *
 *   public void received(ProtocolContext context, Message message) {
 *     String text = ((Message.Text) message).text();
 *     if (text.startsWith("ack ")) context.acknowledge(Long.parseLong(text.substring(4)), null);
 *     else context.deliver(message);
 *   }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Calls come one at a time, each after the one before it has returned, on
 * threads of the connection: fields need no lock. They must not block, for reading and writing wait
 * for them. What a method orders from the {@link ProtocolContext} is done, in order, as soon as it
 * has returned.
 *
 * <p><b>What a method throws</b> ends the transport with {@link
 * ConnectionException.ProtocolFailed}, and the connection goes on with the next; so a rule that the
 * peer has broken may be thrown. Of {@link #encode} it ends the one message, and of {@link #begun}
 * the connection.
 */
public interface Protocol {

  /**
   * Adds nothing: messages go out as they are, and come in so. What a connection has by default.
   */
  Protocol PLAIN = new Protocol() {};

  /**
   * Returns the subprotocols to offer (RFC 6455 section 1.9), the preferred first, after those of
   * the request; none by default. If there are any and the server chooses none of them, the attempt
   * fails with {@link ConnectionException.ProtocolFailed}. Called for each attempt.
   */
  default List<String> subprotocols() {
    return List.of();
  }

  /**
   * Returns what it really gives; {@link Guarantee#NONE} by default, and then {@link
   * Assurance#ACKNOWLEDGED} is refused. Called once.
   */
  default Guarantee guarantee() {
    return Guarantee.NONE;
  }

  /**
   * The connection has begun: the first call. What it saves now is on disk before any message of
   * this life.
   *
   * @param state what {@link ProtocolContext#saveState} kept last, in this life of the process or
   *     in an earlier one; null if nothing was, or there is no send queue
   */
  default void begun(ProtocolContext context, byte @Nullable [] state) {}

  /**
   * A transport is open. The app's messages wait until {@link ProtocolContext#ready}; by default it
   * is ready at once. Each {@link ProtocolContext#step} and then readiness has to follow within
   * {@link io.holdfast.ManagedConnection.Builder#readyTimeout}, and all within {@link
   * io.holdfast.ManagedConnection.Builder#attemptTimeout}.
   */
  default void opened(ProtocolContext context, Handshake handshake) {
    context.ready();
  }

  /**
   * Returns what goes on the wire for {@code outgoing}: by default the message itself. Called each
   * time that it is sent, in the order of sending. If it throws, the message ends {@link
   * io.holdfast.Fate.Rejected}, and nothing else happens.
   */
  default Message encode(ProtocolContext context, Outgoing outgoing) {
    return outgoing.message();
  }

  /**
   * A message has come, perhaps before {@link ProtocolContext#ready}. By default it is the app's.
   * What a peer sends is hostile until checked.
   */
  default void received(ProtocolContext context, Message message) {
    context.deliver(message);
  }

  /**
   * The app's listener is done with all messages up to the one to which {@link
   * ProtocolContext#deliver} gave the number {@code upTo}. Where nobody listens they are done with
   * at once, and so they are with what {@link io.holdfast.MessageDemand#cancel} drops. May come
   * while there is no transport.
   */
  default void consumed(ProtocolContext context, long upTo) {}

  /**
   * The transport that was {@link #opened} is gone, ready or not; not told when the connection ends
   * with it. What was {@link ProtocolContext#schedule scheduled} will not run, and control messages
   * that were not written are gone with it.
   */
  default void lost(ProtocolContext context, ConnectionException cause) {}

  /** The connection has ended: the last call. What is saved now is the last that is. */
  default void closed(ProtocolContext context) {}
}
