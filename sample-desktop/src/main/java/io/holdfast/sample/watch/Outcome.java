package io.holdfast.sample.watch;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a watch went, and its exit status. The status 2 is for wrong arguments. */
enum Outcome {
  /** It opened, was open to the end or closed by the server in peace, and all was delivered. */
  CLEAN(0, "all is well"),
  /** No attempt succeeded. */
  NEVER_OPENED(1, "it never opened"),
  /** It opened, but had no transport in the end. */
  LOST(1, "the connection was lost"),
  /** A line was not delivered. */
  UNDELIVERED(1, "not every line was delivered"),
  /** The server's last answer was an HTTP status instead of 101. */
  REFUSED(3, "the server refused the upgrade"),
  /** The server closed in the end, with a code of trouble. */
  CLOSED_BY_SERVER(4, "the server closed with a code of trouble"),
  /** The server broke the protocol, or a limit. */
  PROTOCOL_BROKEN(5, "the server broke the protocol");

  private static final Set<Integer> CLOSED_IN_PEACE = Set.of(1000, 1001, 1005);
  private static final int SWITCHING_PROTOCOLS = 101;

  final int exitStatus;
  final String words;

  Outcome(int exitStatus, String words) {
    this.exitStatus = exitStatus;
    this.words = words;
  }

  /**
   * Judges a watch.
   *
   * @param failure the last one, null if the connection was open to the end, or has not failed yet
   */
  static Outcome of(
      boolean everOpened, @Nullable ConnectionException failure, boolean allDelivered) {
    if (failure instanceof HandshakeRejected rejected) {
      return rejected.status() == SWITCHING_PROTOCOLS ? PROTOCOL_BROKEN : REFUSED;
    }
    if (failure instanceof ProtocolViolated || failure instanceof MessageTooLarge) {
      return PROTOCOL_BROKEN;
    }
    if (failure instanceof PeerClosed closed && !CLOSED_IN_PEACE.contains(closed.code())) {
      return CLOSED_BY_SERVER;
    }
    if (!everOpened) return NEVER_OPENED;
    if (failure != null && !(failure instanceof PeerClosed)) return LOST;
    return allDelivered ? CLEAN : UNDELIVERED;
  }
}
