package io.holdfast;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the peer is asked for a sign of life, and how long it has to give one.
 *
 * <p>Any inbound byte is a sign of life. After {@code interval} without one a ping (RFC 6455
 * section 5.5.2) is sent; after {@code timeout} more without one the transport is lost with {@link
 * ConnectionException.HeartbeatTimedOut}. While traffic proves that the peer is alive no ping is
 * sent. While the app's own consumer holds the reader up, no ping is due.
 *
 * <p>A ping that confirms messages in flight, and one that is sent because the network changed or
 * the device woke, has less time, as silence then says more: four times the usual round trip and
 * its variation (RFC 6298), but at least {@code promptTimeout} and at most {@code timeout}; and in
 * each case what lies before it on a slow uplink needs. Until a round trip is known it has {@code
 * timeout}.
 *
 * @param interval of silence before a ping; 25 s by default
 * @param timeout from the flush of the ping, or of the message of {@link LifeSign#answer}, until
 *     the peer counts as dead; 10 s by default
 * @param promptTimeout the least of it where silence is judged by the round trip; 2 s by default,
 *     {@code timeout} to judge all pings alike
 * @param adaptive learns the interval for each network, and takes its place; null by default
 * @param sign what a silent peer must give; {@link LifeSign#PONG} by default, which an interval
 *     that is learnt needs
 */
public record Heartbeat(
    Duration interval,
    Duration timeout,
    Duration promptTimeout,
    @Nullable AdaptiveInterval adaptive,
    LifeSign sign) {
  private static final Duration PROMPT = Duration.ofSeconds(2);

  /** Interval 25 s, timeout 10 s, prompt timeout 2 s. */
  public static final Heartbeat DEFAULT =
      new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(10));

  /**
   * Checks the durations.
   *
   * @throws IllegalArgumentException if one is zero or negative, or {@code promptTimeout} is longer
   *     than {@code timeout}, or the interval is to be learnt without pongs
   */
  public Heartbeat {
    requireNonNull(sign, "sign");
    Checks.positive("heartbeat interval", interval);
    Checks.positive("heartbeat timeout", timeout);
    Checks.positive("heartbeat promptTimeout", promptTimeout);
    if (promptTimeout.compareTo(timeout) > 0) {
      throw new IllegalArgumentException(
          "heartbeat promptTimeout must be <= timeout but was " + promptTimeout + " > " + timeout);
    }
    if (adaptive != null && !(sign instanceof LifeSign.Pong)) {
      throw new IllegalArgumentException(
          "a heartbeat's interval is learnt by pongs, but its sign of life was " + sign);
    }
  }

  /**
   * With a prompt timeout of 2 s, or of {@code timeout} if that is shorter.
   *
   * @throws IllegalArgumentException if one is zero or negative
   */
  public Heartbeat(Duration interval, Duration timeout) {
    this(interval, timeout, shorter(timeout, PROMPT));
  }

  /**
   * With a fixed interval.
   *
   * @throws IllegalArgumentException if one is zero or negative, or {@code promptTimeout} is longer
   *     than {@code timeout}
   */
  public Heartbeat(Duration interval, Duration timeout, Duration promptTimeout) {
    this(interval, timeout, promptTimeout, null, LifeSign.PONG);
  }

  /**
   * Returns the same with a fixed interval, in place of one that is learnt.
   *
   * @throws IllegalArgumentException if it is zero or negative
   */
  public Heartbeat withInterval(Duration interval) {
    return new Heartbeat(interval, timeout, promptTimeout, null, sign);
  }

  /**
   * Returns the same with another timeout, and with a prompt timeout that is no longer than it.
   *
   * @throws IllegalArgumentException if it is zero or negative
   */
  public Heartbeat withTimeout(Duration timeout) {
    return new Heartbeat(interval, timeout, shorter(timeout, promptTimeout), adaptive, sign);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * Returns the same with another prompt timeout.
   *
   * @throws IllegalArgumentException if it is zero or negative, or longer than the timeout
   */
  public Heartbeat withPromptTimeout(Duration promptTimeout) {
    return new Heartbeat(interval, timeout, promptTimeout, adaptive, sign);
  }

  /** Returns the same with an interval that is learnt for each network, from its least on. */
  public Heartbeat withInterval(AdaptiveInterval adaptive) {
    return new Heartbeat(adaptive.min(), timeout, promptTimeout, adaptive, sign);
  }

  /**
   * Returns the same for another sign of life.
   *
   * @throws IllegalArgumentException if the interval is to be learnt, which takes pongs
   */
  public Heartbeat withSign(LifeSign sign) {
    return new Heartbeat(interval, timeout, promptTimeout, adaptive, sign);
  }
}
