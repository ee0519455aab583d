package io.holdfast;

import org.jspecify.annotations.Nullable;

/**
 * How a delivery ended. Every accepted message has exactly one fate.
 *
 * <p>{@link Expired}, {@link Evicted}, {@link Conflated}, {@link Cancelled} and {@link Rejected}
 * say that no byte of the message was ever handed to a transport. Where one may have been, the fate
 * is {@link InDoubt}.
 */
public sealed interface Fate {

  /**
   * Returns whether the message came as far as was asked for, or as far as the peer can tell us.
   */
  default boolean delivered() {
    return false;
  }

  /** The kernel has taken its last byte. */
  record Written() implements Fate {
    @Override
    public boolean delivered() {
      return true;
    }
  }

  /** The peer's WebSocket endpoint has parsed it: a pong to a later ping came back. */
  record Confirmed() implements Fate {
    @Override
    public boolean delivered() {
      return true;
    }
  }

  /**
   * The peer's application has it: the {@link io.holdfast.protocol.Protocol} said so.
   *
   * @param answer what came with the acknowledgement; null if nothing did
   */
  record Acknowledged(@Nullable Message answer) implements Fate {
    @Override
    public boolean delivered() {
      return true;
    }
  }

  /**
   * The peer's application refused it for good, by the {@link io.holdfast.protocol.Protocol}.
   *
   * @param reason the peer's words
   */
  record Refused(String reason) implements Fate {}

  /** Its time to live passed while it was queued. */
  record Expired() implements Fate {}

  /** It was the oldest queued message when the outbox was full. */
  record Evicted() implements Fate {}

  /**
   * A newer message with the same {@link SendOptions#conflationKey} was accepted while it was
   * queued.
   */
  record Conflated() implements Fate {}

  /**
   * It was taken back while it was queued.
   *
   * @param reason by whom
   */
  record Cancelled(Cancelled.Reason reason) implements Fate {
    /** Who took it back. */
    public enum Reason {
      /** {@link Delivery#cancel} or {@link ManagedConnection#cancelQueued}. */
      BY_APP,
      /** The connection closed first. */
      CONNECTION_CLOSED
    }
  }

  /**
   * The connection closed first, and its {@link io.holdfast.queue.SendQueue} keeps the message: the
   * next connection with that queue recovers it and sends it, again if a transport had it.
   */
  record Kept() implements Fate {}

  /**
   * It was never accepted.
   *
   * @param reason why
   */
  record Rejected(Rejected.Reason reason) implements Fate {
    /** Why a message was not accepted. */
    public enum Reason {
      /** The outbox is full and nothing in it may be evicted. */
      QUEUE_FULL,
      /** It is larger than an outbound message, or than the whole outbox, may be. */
      TOO_LARGE,
      /** The connection is closed, closing or draining. */
      CONNECTION_CLOSED,
      /** The send queue's file system has no room. */
      DISK_FULL,
      /** The send queue's directory was deleted. */
      DIRECTORY_GONE,
      /** The send queue's disk failed. */
      DISK_FAILED,
      /** The send queue could not be opened: {@link ManagedConnection#recovered} says why. */
      QUEUE_NOT_OPEN,
      /** {@link io.holdfast.protocol.Protocol#encode} threw; no byte of it was sent. */
      NOT_ENCODED
    }
  }

  /**
   * A byte of it may have reached the peer, and we shall never know.
   *
   * @param reason what ended it
   * @param cause how the last transport that had it was lost; null if it was not lost
   */
  record InDoubt(InDoubt.Reason reason, @Nullable ConnectionException cause) implements Fate {
    /** What ended a message that had been handed to a transport. */
    public enum Reason {
      /** The transport was lost and a resend is forbidden: {@link SendOptions#atMostOnce}. */
      RESEND_FORBIDDEN,
      /** Too many transports in a row were lost while it was in flight. */
      RESEND_LIMIT,
      /** Its time to live passed while it waited to be sent again. */
      EXPIRED,
      /** It was evicted while it waited to be sent again. */
      EVICTED,
      /** It waited to be sent again, and there was a newer one with the same key. */
      CONFLATED,
      /** It was cancelled while it waited to be sent again. */
      CANCELLED,
      /** The connection closed while it was in flight. */
      CONNECTION_CLOSED,
      /** The peer answers no pings and {@link SendOptions#requireConfirmation} was set. */
      UNCONFIRMABLE,
      /** It was to be sent again, and {@link io.holdfast.protocol.Protocol#encode} threw. */
      NOT_ENCODED,
      /**
       * The peer has lost the session, and the {@link io.holdfast.protocol.Protocol} does not send
       * it again.
       */
      SESSION_LOST
    }
  }
}
