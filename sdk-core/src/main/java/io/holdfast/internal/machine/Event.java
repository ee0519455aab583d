package io.holdfast.internal.machine;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.network.NetworkStatus;
import io.holdfast.transport.Handshake;
import org.jspecify.annotations.Nullable;

/** What happens to a connection. Those of a transport carry its generation. */
public sealed interface Event {

  // ---- What the app asks for

  /** {@code open()}. */
  record OpenRequested() implements Event {}

  /** {@code close()}. */
  record CloseRequested(int code, String reason) implements Event {}

  /** {@code drain()}. */
  record DrainRequested(long deadlineNanos) implements Event {}

  /** {@code reconnectNow()}. */
  record ReconnectRequested(Snapshot snapshot) implements Event {}

  /** {@code probe()}. */
  record ProbeRequested(Snapshot snapshot) implements Event {}

  /** {@code suspend()}. */
  record SuspendRequested() implements Event {}

  /** {@code resume()}. */
  record ResumeRequested(Snapshot snapshot) implements Event {}

  /** {@code enterBackground()} or {@code enterForeground()}. */
  record BackgroundRequested(boolean background, Snapshot snapshot) implements Event {}

  // ---- What the edges tell

  /** The network monitor spoke. */
  record NetworkReported(NetworkStatus status, Snapshot snapshot) implements Event {}

  /**
   * The device slept, or the process was stopped, and goes on.
   *
   * @param sleptNanos how long at least
   * @param overran whether the snapshot's clock went on meanwhile, and past the time of a timer
   */
  record Woke(long sleptNanos, boolean overran, Snapshot snapshot) implements Event {}

  /**
   * What the heartbeat's memory knows of a network.
   *
   * @param background whether it is the background heartbeat's
   * @param state null if it knows nothing
   */
  record IntervalRecalled(
      boolean background, String label, @Nullable String state, Snapshot snapshot)
      implements Event {}

  /**
   * The answer to {@link Effect.AskRetry} or {@link Effect.AskDelay}: always the very next event.
   *
   * @param delayNanos from now; negative for no further attempt
   * @param bidNanos how long the server asked us to stay away, which nothing may cut short
   * @param elsewhere whether the next attempt goes where the failure says, and only there
   */
  record RetryAnswered(long delayNanos, long bidNanos, boolean elsewhere, Snapshot snapshot)
      implements Event {}

  /**
   * What a failure beside the transport in use taught: the answer to {@link Effect.NoteFailure}.
   *
   * @param bidNanos how long the server asked us to stay away, which nothing may cut short
   */
  record BidLearned(long bidNanos, Snapshot snapshot) implements Event {}

  /**
   * A timer that was started, and neither stopped nor started again since.
   *
   * @param lateNanos how long after its time
   */
  record TimerFired(Timer timer, long token, long lateNanos, Snapshot snapshot) implements Event {
    private static final long LATE_NANOS = 100_000_000;

    /** Whether that says that we were stopped, rather than busy. */
    public boolean isLate() {
      return lateNanos >= LATE_NANOS;
    }
  }

  /** Every accepted message has its fate. */
  record OutboxDrained() implements Event {}

  // ---- What a transport does

  /** Something that concerns one transport. */
  sealed interface OfTransport extends Event {
    /** The transport's number. */
    long generation();
  }

  /** The request supplier gave the attempt its request. */
  record RequestSupplied(long generation) implements OfTransport {}

  /** The handshake is done. */
  record TransportOpened(long generation, Handshake handshake, Snapshot snapshot)
      implements OfTransport {}

  /** The application protocol has come one step nearer to readiness. */
  record ProtocolStepped(long generation, String step) implements OfTransport {}

  /** The application protocol gives the transport up, or broke down. */
  record ProtocolFailed(long generation, ConnectionException cause) implements OfTransport {}

  /** The application protocol is ready. */
  record ProtocolReady(long generation, Snapshot snapshot) implements OfTransport {}

  /** The attempt failed, or the transport ended by itself. */
  record TransportEnded(long generation, ConnectionException cause, ConnectTimeline timeline)
      implements OfTransport {}

  /**
   * The kernel has taken a ping.
   *
   * @param number counts pings; its pong may have come before this event
   * @param confirms whether its pong will confirm messages that no earlier one does
   * @param allowanceNanos how much later than usual its pong may come
   */
  record PingFlushed(
      long generation, long number, boolean confirms, long allowanceNanos, Snapshot snapshot)
      implements OfTransport {}

  /**
   * The kernel has taken the heartbeat's message, or the app gave none.
   *
   * @param takenAtNanos when the writer took it; its answer may have come before this event
   */
  record QuestionFlushed(long generation, long takenAtNanos, Snapshot snapshot)
      implements OfTransport {}

  /**
   * A pong answered one of our pings.
   *
   * @param number of the newest ping that it answers
   * @param awaitsMore whether a later ping is unanswered
   * @param allowanceNanos how much later than usual its pong may come
   */
  record PongReceived(
      long generation,
      long number,
      long roundTripNanos,
      boolean awaitsMore,
      long allowanceNanos,
      Snapshot snapshot)
      implements OfTransport {}

  /** Each message that the transport had has its fate, and it is given no other. */
  record Settled(long generation, Snapshot snapshot) implements OfTransport {}

  /** A write began while none was being watched. */
  record WriteBegun(long generation) implements OfTransport {}

  /** The consumer is so far behind that nothing more is read although a pong is awaited. */
  record ReaderStalled(long generation, Snapshot snapshot) implements OfTransport {}

  /**
   * The reader goes on after a pause.
   *
   * @param pausedNanos how long it took
   */
  record ReaderResumed(long generation, long pausedNanos, Snapshot snapshot)
      implements OfTransport {}
}
