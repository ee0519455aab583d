package io.holdfast.internal.retry;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.DeviceSlept;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.NetworkChanged;
import io.holdfast.ConnectionException.NetworkLost;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.Suspended;
import io.holdfast.ConnectionException.TlsFailed;
import io.holdfast.ConnectionException.WriteStalled;
import java.util.Set;

/** The one table of what each failure means for the next attempt. */
final class Failures {
  private static final Set<Integer> FATAL_CLOSE_CODES = Set.of(1002, 1003, 1007, 1008, 1010);
  private static final Set<Integer> RETRIED_4XX = Set.of(401, 403, 404, 407, 408, 421, 425, 429);
  private static final Set<Integer> CLOSED_FOR_ALL = Set.of(1000, 1001, 1011, 1012, 1013);

  private Failures() {}

  /** How an outage's first delay is chosen. */
  enum FirstDelay {
    /** We lost it, or saw that it was lost: nobody else did at the same moment. */
    NONE,
    /** The peer may have dealt it to all its clients at once. */
    SPREAD,
    /** As every later delay. */
    BACKOFF,
    /**
     * There is nothing to connect to: this delay, and each later one, is drawn up to the last
     * bound.
     */
    LONGEST
  }

  /** How each delay after an outage's first is chosen. */
  enum LaterDelay {
    /** It grows. */
    BACKOFF,
    /** It grows, and comes after the spread: others were turned away at the same moment. */
    AFTER_SPREAD,
    /** The same, but for the attempt's own time, which is part of the spread. */
    AFTER_REST_OF_SPREAD,
    /** There is nothing to connect to. */
    LONGEST
  }

  static boolean isFatal(ConnectionException cause) {
    if (cause instanceof RequestInvalid || cause instanceof OutageTooLong) return true;
    if (cause instanceof TlsFailed tls) return tls.pinning();
    if (cause instanceof ProtocolFailed failed) return failed.forGood();
    if (cause instanceof PeerClosed closed) return FATAL_CLOSE_CODES.contains(closed.code());
    if (cause instanceof HandshakeRejected rejected) {
      int status = rejected.status();
      return status >= 400 && status < 500 && !RETRIED_4XX.contains(status);
    }
    return false;
  }

  /** Whether fresh credentials may help: once, for the next attempt asks for a fresh request. */
  static boolean isUnauthorized(ConnectionException cause) {
    return cause instanceof HandshakeRejected rejected
        && (rejected.status() == 401 || rejected.status() == 403);
  }

  static FirstDelay firstDelay(ConnectionException cause) {
    if (cause instanceof HeartbeatTimedOut
        || cause instanceof WriteStalled
        || cause instanceof NetworkLost
        || cause instanceof NetworkChanged
        || cause instanceof DeviceSlept
        || cause instanceof Replaced
        || cause instanceof Suspended) {
      return FirstDelay.NONE;
    }
    if (isNotFound(cause)) return FirstDelay.LONGEST;
    return isDealtToAll(cause) ? FirstDelay.SPREAD : FirstDelay.BACKOFF;
  }

  static LaterDelay laterDelay(ConnectionException cause) {
    if (isNotFound(cause)) return LaterDelay.LONGEST;
    if (cause instanceof AttemptTimedOut) return LaterDelay.AFTER_REST_OF_SPREAD;
    boolean turnedAway = isDealtToAll(cause) || isOverloaded(cause);
    return turnedAway ? LaterDelay.AFTER_SPREAD : LaterDelay.BACKOFF;
  }

  private static boolean isNotFound(ConnectionException cause) {
    return cause instanceof HandshakeRejected rejected && rejected.status() == 404;
  }

  private static boolean isOverloaded(ConnectionException cause) {
    return cause instanceof HandshakeRejected rejected
        && (rejected.status() >= 500 || rejected.status() == 429);
  }

  private static boolean isDealtToAll(ConnectionException cause) {
    return cause instanceof EndedWithoutClose
        || cause instanceof StreamBroken
        || cause instanceof Refused
        || cause instanceof ReconnectAsked
        || (cause instanceof PeerClosed closed && CLOSED_FOR_ALL.contains(closed.code()));
  }
}
