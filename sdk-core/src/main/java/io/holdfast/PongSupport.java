package io.holdfast;

/** What is known of an endpoint's answers to our pings (RFC 6455 section 5.5.3). */
public enum PongSupport {
  /** It has not had time to show. */
  UNKNOWN,
  /** It has answered one. */
  YES,
  /**
   * It never answered one although it was alive, against the RFC. Its silence is then no sign of
   * death, and {@link Assurance#CONFIRMED} cannot be had.
   */
  NO
}
