package io.holdfast.protocol;

import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.ReconnectHint;
import io.holdfast.Registration;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Protocol} may order. All methods but {@link #execute} are for calls from within the
 * protocol's methods and tasks, and throw {@link IllegalStateException} elsewhere; what they order
 * is done once that method has returned, in order. Orders for a transport do nothing when there is
 * none.
 */
public interface ProtocolContext {

  // ---- The transport

  /**
   * Sends a message of the protocol's own, before all that waits of the app, ready or not. It is in
   * no queue, is never sent again, and has no fate.
   *
   * @throws IllegalStateException if {@value #MAX_CONTROL_MESSAGES} of them wait to be written
   *     already
   */
  void send(Message control);

  /** How many control messages may wait to be written. */
  int MAX_CONTROL_MESSAGES = 1_024;

  /**
   * Tells listeners that the transport has come one step nearer to readiness, such as {@code
   * authenticated}, as {@link io.holdfast.ConnectionEvent.ReadyStepReached}; the next one has the
   * whole {@link io.holdfast.ManagedConnection.Builder#readyTimeout} again.
   */
  void step(String name);

  /** Lets the app's messages flow: the connection is {@link io.holdfast.ConnectionState.Open}. */
  void ready();

  /**
   * Gives the transport up as {@code hint} says: the peer asks for a new one, for it restarts or
   * sheds load. A delay that the connection would choose anyway holds if it is longer.
   */
  void reconnect(String reason, ReconnectHint hint);

  /** Gives the transport up for a failure, after which the connection reconnects with backoff. */
  void fail(String reason);

  /** Ends the connection: to try again would be no use. */
  void failForGood(String reason);

  // ---- Messages in

  /**
   * Gives a message to the app. Only within {@link Protocol#received}.
   *
   * @return its number, from 1 through the connection's life, for {@link Protocol#consumed}
   */
  long deliver(Message message);

  /**
   * Returns whether the app's consumer is so far behind that nothing more is read, so that what the
   * peer says is not heard; its silence then tells nothing of it.
   */
  boolean receivingPaused();

  // ---- Messages out

  /**
   * The peer's application has the message with this id: it ends {@link Fate.Acknowledged}. One
   * that was never sent, or has ended, is ignored.
   *
   * @param answer what came with the acknowledgement, for the app; null for nothing
   */
  void acknowledge(long id, @Nullable Message answer);

  /**
   * The peer's application has all messages up to this {@link Outgoing#sequence}, of those that
   * went out on this transport.
   *
   * @throws IllegalArgumentException if no message with this sequence was sent
   */
  void acknowledgeThrough(long sequence);

  /** The peer refuses the message with this id for good: it ends {@link Fate.Refused}. */
  void refuse(long id, String reason);

  /**
   * The peer wants the message with this id once more: it is sent next, out of its order, as a
   * control message, and counts as lost with a transport for {@link
   * io.holdfast.ManagedConnection.Builder#resendLimit}. One that may not be sent twice ends {@link
   * Fate.InDoubt}.
   */
  void resend(long id);

  /**
   * The peer knows the session, and its application has all messages up to this id: those end
   * {@link Fate.Acknowledged}, and what is sent next has the sequence after {@code sequence}.
   * Before {@link #ready}.
   *
   * @param sequence the last one that the peer's application has; 0 for none
   * @param id of that message; 0 for none
   * @throws IllegalArgumentException if one is negative
   */
  void resumed(long sequence, long id);

  /**
   * The peer does not know the session: what an earlier transport may have carried may arrive twice
   * if it is sent again. Sequences begin with 1 again. Before {@link #ready}.
   *
   * @param resend asked at once for each of them, in order; those for which it is false end {@link
   *     Fate.InDoubt}
   */
  void sessionLost(Predicate<Outgoing> resend);

  // ---- Time and state

  /** Runs {@code task} after {@code delay}, unless it is closed or the transport is gone before. */
  Registration schedule(Duration delay, Runnable task);

  /**
   * Runs {@code task} soon, as one of the protocol's own calls, unless the connection has ended.
   * Any thread, any time.
   */
  void execute(Runnable task);

  /**
   * Replaces what {@link Protocol#begun} gets in the next life of the process. It is written after
   * the messages that were sent before, and is on disk at the latest when a later one is; without a
   * send queue it is forgotten.
   *
   * @param state not changed afterwards
   * @throws IllegalArgumentException if it has more than {@link
   *     io.holdfast.queue.StoredMessage#MAX_STATE} bytes
   */
  void saveState(byte[] state);
}
