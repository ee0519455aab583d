package io.holdfast;

/** Takes a connection's inbound messages. */
@FunctionalInterface
public interface MessageListener {
  /**
   * Takes one message. Calls come one at a time, in order, across any number of transports. A call
   * that blocks holds up later messages and, once the inbound buffer is full, the peer (by TCP's
   * flow control); a slow listener is not mistaken for a dead peer. What it throws is logged.
   */
  void onMessage(Message message);

  /**
   * Hears that the connection is {@link ConnectionState.Closed} and the last message has been
   * given. Called once, after it, in the same way.
   */
  default void onClosed() {}
}
