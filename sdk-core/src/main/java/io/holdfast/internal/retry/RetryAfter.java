package io.holdfast.internal.retry;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ReconnectHint;
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
  static Duration of(ConnectionException cause) {
    if (cause instanceof ReconnectAsked asked) return bounded(asked.hint().delay());
    if (!(cause instanceof HandshakeRejected rejected)) return Duration.ZERO;
    String value = header(rejected, "Retry-After");
    if (value == null) return Duration.ZERO;
    try {
      return bounded(value.matches("[0-9]+") ? seconds(value) : untilDate(rejected, value));
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  /** Returns the spread that {@code hint} asks for; null if none. */
  static @Nullable Duration spread(ReconnectHint hint) {
    return hint.spread() == null ? null : bounded(hint.spread());
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

  private static Duration bounded(Duration delay) {
    if (delay.isNegative()) return Duration.ZERO;
    return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
  }

  private static @Nullable String header(HandshakeRejected rejected, String name) {
    for (Header header : rejected.headers()) {
      if (header.name().equalsIgnoreCase(name)) return header.value().trim();
    }
    return null;
  }
}
