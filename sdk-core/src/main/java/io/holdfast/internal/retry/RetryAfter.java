package io.holdfast.internal.retry;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.ReconnectAsked;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * How long a server asks us to stay away: one that rejected the handshake (RFC 9110 section
 * 10.2.3), or by the application's protocol.
 */
final class RetryAfter {
  // What a peer says is hostile until checked: it cannot shut a client out for ever.
  static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /** Returns the delay that {@code cause} asks for; zero if none. */
  static long millis(ConnectionException cause) {
    if (cause instanceof ReconnectAsked asked) return bounded(asked.hint().delay());
    if (!(cause instanceof HandshakeRejected rejected)) return 0;
    String value = header(rejected, "Retry-After");
    if (value == null) return 0;
    try {
      return bounded(value.matches("[0-9]+") ? seconds(value) : untilDate(rejected, value));
    } catch (DateTimeParseException e) {
      return 0;
    }
  }

  private static Duration seconds(String digits) {
    return digits.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
  }

  // By the server's clock, not by ours, which may be wrong.
  private static Duration untilDate(HandshakeRejected rejected, String value) {
    String date = header(rejected, "Date");
    return date == null ? Duration.ZERO : Duration.between(parse(date), parse(value));
  }

  private static Instant parse(String date) {
    return RFC_1123_DATE_TIME.parse(date, Instant::from);
  }

  private static long bounded(Duration delay) {
    if (delay.isNegative()) return 0;
    return (delay.compareTo(LONGEST) < 0 ? delay : LONGEST).toMillis();
  }

  private static @Nullable String header(HandshakeRejected rejected, String name) {
    for (Header header : rejected.headers()) {
      if (header.name().equalsIgnoreCase(name)) return header.value().trim();
    }
    return null;
  }
}
