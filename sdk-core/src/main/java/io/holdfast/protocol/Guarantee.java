package io.holdfast.protocol;

/** What a {@link Protocol} adds to what the connection gives by itself. */
public enum Guarantee {
  /**
   * Nothing: the peer's application acknowledges no message. {@link
   * io.holdfast.Assurance#CONFIRMED} is the most that can be had.
   */
  NONE,
  /**
   * The peer's application acknowledges messages, and may see one twice: what was not acknowledged
   * on a lost transport is sent again.
   */
  AT_LEAST_ONCE,
  /**
   * The peer's application acknowledges messages and drops those that it has had, for as long as it
   * keeps the session; what it was sent once takes effect once.
   */
  EXACTLY_ONCE
}
