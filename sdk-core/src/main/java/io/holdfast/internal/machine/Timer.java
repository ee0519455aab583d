package io.holdfast.internal.machine;

/** The timers of a connection. Each is running at most once. */
public enum Timer {
  /** An attempt must be ready by now. */
  ATTEMPT,
  /** The protocol must have come a step nearer to readiness by now. */
  READY,
  /** The wait before an attempt is over. */
  RETRY,
  /** Time to look for signs of life. */
  LIVENESS,
  /** The transport has been open for long enough to have proved itself. */
  PROOF,
  /** Time to see whether a write has progressed. */
  WRITE,
  /** The consumer has had long enough to go on. */
  STALL,
  /** The second transport is to be begun, must be open, or must have taken over by now. */
  SUCCESSOR,
  /** The closing handshake must be done by now. */
  CLOSE,
  /** The outbox must be empty by now. */
  DRAIN,
  /** The app wants to know of an outage that lasts until now. */
  OUTAGE_NOTICE,
  /** An outage that lasts until now is the last one. */
  OUTAGE_LIMIT;

  /** Whether someone else should have done something by now. */
  boolean isDeadline() {
    return switch (this) {
      case ATTEMPT, READY, LIVENESS, WRITE, STALL, SUCCESSOR, CLOSE, DRAIN, OUTAGE_LIMIT -> true;
      case RETRY, PROOF, OUTAGE_NOTICE -> false;
    };
  }

  /** Whether it is of the transport or attempt, and ends with it. */
  boolean endsWithTransport() {
    return compareTo(DRAIN) < 0;
  }
}
