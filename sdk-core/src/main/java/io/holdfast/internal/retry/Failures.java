package io.holdfast.internal.retry;

import static io.holdfast.Classification.Delay.BACKOFF;
import static io.holdfast.Classification.Delay.LONGEST;
import static io.holdfast.Classification.Delay.NONE;
import static io.holdfast.Classification.Delay.REST_OF_SPREAD_AND_BACKOFF;
import static io.holdfast.Classification.Delay.SPREAD;
import static io.holdfast.Classification.Delay.SPREAD_AND_BACKOFF;
import static io.holdfast.Classification.Delay.SPREAD_AND_LONGEST;

import io.holdfast.Classification;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.ConfirmationTimedOut;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.ConsumerStalled;
import io.holdfast.ConnectionException.DeviceSlept;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.NetworkChanged;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionException.ProtocolNotReady;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.RequestFailed;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.RequestTimedOut;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.Suspended;
import io.holdfast.ConnectionException.TlsFailed;
import io.holdfast.ConnectionException.WriteStalled;
import io.holdfast.ReconnectHint;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The one table of what each failure means for the next attempt. */
final class Failures {
  // We lost it, or saw that it was lost: nobody else did at the same moment.
  private static final Classification LOST_BY_US = Classification.retried(NONE, BACKOFF);
  // The peer may have dealt it to all its clients at once.
  private static final Classification DEALT_TO_ALL =
      Classification.retried(SPREAD, SPREAD_AND_BACKOFF);
  private static final Classification OVERLOADED =
      Classification.retried(BACKOFF, SPREAD_AND_BACKOFF);
  // A server that asks for time, and not only for order, is not met at once by anybody.
  private static final Classification TRY_LATER =
      Classification.retried(SPREAD_AND_LONGEST, SPREAD_AND_LONGEST);
  private static final Classification NOT_FOUND = Classification.retried(LONGEST, LONGEST);
  private static final Classification UNAUTHORIZED =
      Classification.retried(NONE, NONE).withRefreshedCredentials();
  static final Classification OTHER = Classification.retried(BACKOFF, BACKOFF);
  private static final Classification FATAL = OTHER.asFatal();

  private static final Map<Class<? extends ConnectionException>, Classification> BY_KIND =
      new HashMap<>();

  static {
    // The first two go offline instead, and after the next three there is an attempt already.
    BY_KIND.put(NetworkLost.class, LOST_BY_US);
    BY_KIND.put(Suspended.class, LOST_BY_US);
    BY_KIND.put(NetworkChanged.class, LOST_BY_US);
    BY_KIND.put(DeviceSlept.class, LOST_BY_US);
    BY_KIND.put(Replaced.class, LOST_BY_US);
    BY_KIND.put(OutageTooLong.class, FATAL);
    BY_KIND.put(RequestFailed.class, OTHER);
    BY_KIND.put(RequestTimedOut.class, OTHER);
    BY_KIND.put(RequestInvalid.class, FATAL);
    BY_KIND.put(HostUnresolved.class, OTHER);
    BY_KIND.put(Refused.class, DEALT_TO_ALL);
    BY_KIND.put(TlsFailed.class, OTHER);
    BY_KIND.put(ConnectFailed.class, OTHER);
    BY_KIND.put(AttemptTimedOut.class, Classification.retried(BACKOFF, REST_OF_SPREAD_AND_BACKOFF));
    BY_KIND.put(HeartbeatTimedOut.class, LOST_BY_US);
    BY_KIND.put(WriteStalled.class, LOST_BY_US);
    BY_KIND.put(ConfirmationTimedOut.class, OTHER);
    BY_KIND.put(ConsumerStalled.class, OTHER);
    BY_KIND.put(EndedWithoutClose.class, DEALT_TO_ALL);
    BY_KIND.put(StreamBroken.class, DEALT_TO_ALL);
    BY_KIND.put(ProtocolViolated.class, OTHER);
    BY_KIND.put(MessageTooLarge.class, OTHER);
    BY_KIND.put(ProtocolNotReady.class, OTHER);
    BY_KIND.put(ProtocolFailed.class, OTHER);
    BY_KIND.put(ReconnectAsked.class, DEALT_TO_ALL);
    // PeerClosed goes by its code, HandshakeRejected by its status.
  }

  private static final Set<Integer> FATAL_CLOSE_CODES = Set.of(1002, 1003, 1007, 1008, 1010);
  private static final Set<Integer> CLOSED_FOR_ALL = Set.of(1000, 1001, 1011, 1012);
  private static final Set<Integer> RETRIED_4XX = Set.of(401, 403, 404, 407, 408, 421, 425, 429);

  // Another server would have met the same.
  private static final Set<Class<? extends ConnectionException>> OURS =
      Set.of(
          NetworkLost.class,
          Suspended.class,
          NetworkChanged.class,
          DeviceSlept.class,
          Replaced.class,
          OutageTooLong.class,
          RequestFailed.class,
          RequestTimedOut.class,
          RequestInvalid.class,
          ConsumerStalled.class);

  private Failures() {}

  /**
   * Returns what {@code cause} means.
   *
   * @param unauthorizedBefore whether credentials were refused the last time, too: a fresh request
   *     is asked for once
   */
  static Classification classify(ConnectionException cause, boolean unauthorizedBefore) {
    Classification row = row(cause);
    if (unauthorizedBefore && isUnauthorized(cause)) {
      row = FATAL.withRefreshedCredentials();
    }
    if (cause instanceof ReconnectAsked asked) {
      ReconnectHint hint = asked.hint();
      row = row.withEndpoint(hint.endpoint()).withSpread(RetryAfter.spread(hint));
    }
    return row.withAtLeast(RetryAfter.of(cause));
  }

  private static Classification row(ConnectionException cause) {
    if (cause instanceof PeerClosed closed) return ofClose(closed.code());
    if (cause instanceof HandshakeRejected rejected) return ofAnswer(rejected);
    if (cause instanceof TlsFailed tls && tls.pinning()) return FATAL;
    if (cause instanceof ProtocolFailed failed && failed.forGood()) return FATAL;
    Classification row = BY_KIND.get(cause.getClass());
    if (row == null) throw new AssertionError(cause);
    return row;
  }

  private static Classification ofClose(int code) {
    if (FATAL_CLOSE_CODES.contains(code)) return FATAL;
    if (CLOSED_FOR_ALL.contains(code)) return DEALT_TO_ALL;
    return code == 1013 ? TRY_LATER : OTHER;
  }

  private static Classification ofAnswer(HandshakeRejected rejected) {
    int status = rejected.status();
    if (rejected.unauthorized()) return UNAUTHORIZED;
    if (status == 404) return NOT_FOUND;
    if (status == 429 || status >= 500) return OVERLOADED;
    boolean ofOurs = status >= 400 && status < 500;
    return ofOurs && !RETRIED_4XX.contains(status) ? FATAL : OTHER;
  }

  /** Whether fresh credentials may help: once, for the next attempt asks for a fresh request. */
  static boolean isUnauthorized(ConnectionException cause) {
    return cause instanceof HandshakeRejected rejected && rejected.unauthorized();
  }

  /** Whether another endpoint may do better. */
  static boolean isOfEndpoint(ConnectionException cause) {
    return !isUnauthorized(cause) && !OURS.contains(cause.getClass());
  }
}
