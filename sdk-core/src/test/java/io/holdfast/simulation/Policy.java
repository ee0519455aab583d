package io.holdfast.simulation;

import io.holdfast.Backoff;
import io.holdfast.ConnectRequest.Header;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.DeviceSlept;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.NetworkChanged;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.Suspended;
import io.holdfast.ConnectionException.WriteStalled;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the documentation promises of retries, written down a second time. */
final class Policy {
  private static final Set<Integer> FATAL_CODES = Set.of(1002, 1003, 1007, 1008, 1010);
  private static final Set<Integer> SPREAD_CODES = Set.of(1000, 1001, 1011, 1012);
  private static final Set<Integer> RETRIED_STATUSES =
      Set.of(401, 403, 404, 407, 408, 421, 425, 429);
  private static final long LONGEST_BID_MILLIS = 3_600_000;

  private Policy() {}

  /** Whether it is nobody's failure: the device is not able to try, or has begun anew already. */
  static boolean isLocal(ConnectionException cause) {
    return Judge.is(cause, NetworkLost.class, Suspended.class, Replaced.class)
        || Judge.is(cause, NetworkChanged.class, DeviceSlept.class);
  }

  static boolean isFatal(ConnectionException cause) {
    if (cause instanceof PeerClosed closed) return FATAL_CODES.contains(closed.code());
    if (cause instanceof HandshakeRejected rejected) {
      boolean ofCaller = rejected.status() / 100 == 4;
      return ofCaller && !RETRIED_STATUSES.contains(rejected.status());
    }
    return cause instanceof RequestInvalid;
  }

  static boolean isRefusal(ConnectionException cause) {
    return cause instanceof HandshakeRejected rejected
        && (rejected.status() == 401 || rejected.status() == 403);
  }

  /**
   * The delay after so many failures of an outage, the last one with this cause, is drawn from
   * here.
   */
  record Range(long leastMillis, long mostMillis) {
    private static Range upTo(long mostMillis) {
      return new Range(0, mostMillis);
    }
  }

  static Range range(Backoff usual, int failures, ConnectionException cause) {
    Backoff backoff = cause instanceof ReconnectAsked asked ? spread(usual, asked) : usual;
    long longest = backoff.max().toMillis();
    boolean notFound = cause instanceof HandshakeRejected rejected && rejected.status() == 404;
    if (notFound) return Range.upTo(longest);
    // Fresh credentials are tried at once; a server that asks for time gets it.
    if (isRefusal(cause)) return Range.upTo(0);
    if (cause instanceof PeerClosed closed && closed.code() == 1013) {
      long least = Math.max(backoff.spread().toMillis(), backoff.initial().toMillis());
      return new Range(least, least + longest);
    }
    return failures > 1 ? later(backoff, failures, cause) : first(backoff, cause);
  }

  private static Backoff spread(Backoff usual, ReconnectAsked asked) {
    Duration spread = asked.hint().spread();
    return spread == null ? usual : new Backoff(usual.initial(), usual.max(), spread);
  }

  private static Range first(Backoff backoff, ConnectionException cause) {
    if (Judge.is(cause, HeartbeatTimedOut.class, WriteStalled.class)) return Range.upTo(0);
    Duration most = isDealtToAll(cause) ? backoff.spread() : backoff.initial();
    return Range.upTo(most.toMillis());
  }

  private static Range later(Backoff backoff, int failures, ConnectionException cause) {
    double doubled = backoff.initial().toMillis() * Math.pow(2, failures - 2);
    long grown = (long) Math.min((double) backoff.max().toMillis(), doubled);
    long spread = backoff.spread().toMillis();
    if (cause instanceof AttemptTimedOut timedOut) {
      long spent = Math.min(timedOut.deadline().toMillis(), spread);
      return new Range(spread - spent, spread - spent + Math.max(grown, spent));
    }
    if (!isDealtToAll(cause) && !isOverloaded(cause)) return Range.upTo(grown);
    long longest = Math.max(backoff.max().toMillis(), spread + backoff.initial().toMillis());
    return new Range(spread, (long) Math.min((double) longest, spread + doubled));
  }

  private static boolean isDealtToAll(ConnectionException cause) {
    return Judge.is(cause, EndedWithoutClose.class, StreamBroken.class, Refused.class)
        || cause instanceof ReconnectAsked
        || (cause instanceof PeerClosed closed && SPREAD_CODES.contains(closed.code()));
  }

  private static boolean isOverloaded(ConnectionException cause) {
    return cause instanceof HandshakeRejected rejected
        && (rejected.status() == 429 || rejected.status() >= 500);
  }

  /** Returns how long the server asked us to stay away; zero if it did not. */
  static long bidMillis(ConnectionException cause) {
    if (cause instanceof ReconnectAsked asked) return asked.hint().delay().toMillis();
    return cause instanceof HandshakeRejected rejected ? bidMillis(rejected) : 0;
  }

  private static long bidMillis(HandshakeRejected rejected) {
    String value = header(rejected, "retry-after");
    if (value == null) return 0;
    String date = header(rejected, "date");
    long millis =
        date == null
            ? 1_000 * Long.parseLong(value)
            : Duration.between(parse(date), parse(value)).toMillis();
    return Math.min(LONGEST_BID_MILLIS, millis);
  }

  private static ZonedDateTime parse(String date) {
    return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
  }

  private static @Nullable String header(HandshakeRejected rejected, String name) {
    for (Header header : rejected.headers()) {
      if (header.name().equalsIgnoreCase(name)) return header.value();
    }
    return null;
  }
}
