package io.holdfast;

/** How far a message must have come before its delivery ends well. */
public enum Assurance {
  /** The kernel has taken its last byte. A crash of the peer right then may still lose it. */
  WRITTEN,
  /**
   * A barrier's pong covers it: the peer's WebSocket endpoint has parsed it. Unconfirmed messages
   * are sent again after a lost transport, so the peer may see one twice. The default.
   */
  CONFIRMED,
  /**
   * The peer's application has said so, through the connection's {@link
   * io.holdfast.protocol.Protocol}: unacknowledged messages are sent again after a lost transport.
   * Only with a protocol that {@linkplain io.holdfast.protocol.Protocol#guarantee acknowledges}.
   */
  ACKNOWLEDGED
}
