package io.holdfast;

import java.time.Duration;

/**
 * When the peer is asked for a sign of life, and how long it has to give one.
 *
 * <p>Any inbound byte is a sign of life. After {@code interval} without one a ping (RFC 6455
 * section 5.5.2) is sent; after {@code timeout} more without one the transport is lost with {@link
 * ConnectionException.HeartbeatTimedOut}. While traffic proves that the peer is alive no ping is
 * sent. While the app's own consumer holds the reader up, no ping is due.
 *
 * @param interval of silence before a ping; 25 s by default
 * @param timeout from the ping's flush until the peer counts as dead; 10 s by default
 */
public record Heartbeat(Duration interval, Duration timeout) {

  /** Interval 25 s, timeout 10 s. */
  public static final Heartbeat DEFAULT =
      new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(10));

  /**
   * Checks both durations.
   *
   * @throws IllegalArgumentException if one is zero or negative
   */
  public Heartbeat {
    Checks.positive("heartbeat interval", interval);
    Checks.positive("heartbeat timeout", timeout);
  }
}
