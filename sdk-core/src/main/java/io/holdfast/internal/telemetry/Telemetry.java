package io.holdfast.internal.telemetry;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Open;
import io.holdfast.QueueSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to a connection and remembers the last of it. It is told of states and
 * events, never of each message: those are counted where they pass.
 *
 * <p>Not safe for use by several threads: its owner holds a lock around each call.
 */
public final class Telemetry {
  private final RoundTripHistogram roundTrips = new RoundTripHistogram();
  private final History history;
  // Those of the newest request, and of the one whose transport opened last: it may be in use, and
  // the newest one's opened beside it.
  private Secrets secrets;
  private Secrets secretsInUse;

  private long attempts;
  private long transportsOpened;
  // Null, and so no memory, until something has failed.
  private @Nullable Map<String, Long> attemptsFailed;
  private @Nullable Map<String, Long> transportsLost;
  private long lastDetectionNanos;
  private long longestDetectionNanos;
  private long pingsSent;
  private long queueFilled;
  private long consumerStalls;

  private boolean down;
  private long downSinceNanos;
  private long earlierDowntimeNanos;

  /**
   * Makes one to which nothing has happened.
   *
   * @param historyEntries how many to remember at most
   */
  public Telemetry(int historyEntries, Secrets secrets, long nowNanos) {
    this.history = new History(historyEntries, nowNanos);
    this.secrets = secrets;
    this.secretsInUse = secrets;
  }

  /**
   * What is secret from now on, in what others say, together with what is in use: a second
   * transport does not end the first one.
   */
  public void conceal(Secrets secrets) {
    this.secrets = secrets.with(secretsInUse);
  }

  /** Returns what {@link #conceal} last said, with those of the transport in use. */
  public Secrets secrets() {
    return secrets;
  }

  /** The state has changed. */
  public void became(ConnectionState state, long nowNanos) {
    boolean downNow = !(state instanceof Idle || state instanceof Open || hasEnded(state));
    if (downNow && !down) downSinceNanos = nowNanos;
    if (!downNow && down) earlierDowntimeNanos += nowNanos - downSinceNanos;
    down = downNow;
    history.add(state, secrets, nowNanos);
  }

  private static boolean hasEnded(ConnectionState state) {
    return state instanceof Closing || state instanceof Closed;
  }

  /** Something has happened. */
  public void happened(ConnectionEvent event, long nowNanos) {
    count(event);
    history.add(event, secrets, nowNanos);
  }

  private void count(ConnectionEvent event) {
    if (event instanceof RoundTripMeasured measured) {
      roundTrips.add(measured.roundTrip().toNanos());
    } else if (event instanceof PingSent) {
      pingsSent++;
    } else if (event instanceof AttemptStarted || event instanceof SuccessorStarted) {
      attempts++;
    } else if (event instanceof TransportOpened) {
      transportsOpened++;
      secrets = secretsInUse = secrets.alone();
    } else if (event instanceof AttemptFailed failed) {
      attemptsFailed = countKind(failed.cause(), attemptsFailed);
    } else if (event instanceof SuccessorDropped dropped) {
      // One that took the first one's place is not dropped, and fails or opens like any other.
      if (dropped.cause() != null) attemptsFailed = countKind(dropped.cause(), attemptsFailed);
    } else if (event instanceof TransportLost lost) {
      transportsLost = countKind(lost.cause(), transportsLost);
      if (lost.cause() instanceof HeartbeatTimedOut silent) detected(silent);
    } else if (event instanceof QueueFilled) {
      queueFilled++;
    } else if (event instanceof ConsumerStalled) {
      consumerStalls++;
    }
  }

  private static Map<String, Long> countKind(
      ConnectionException cause, @Nullable Map<String, Long> counts) {
    Map<String, Long> all = counts == null ? new TreeMap<>() : counts;
    all.merge(cause.kind(), 1L, Long::sum);
    return all;
  }

  private void detected(HeartbeatTimedOut silent) {
    lastDetectionNanos = silent.silence().toNanos();
    longestDetectionNanos = Math.max(longestDetectionNanos, lastDetectionNanos);
  }

  /** Returns how long the connection has been down; 0 if it is not. */
  public long outageNanos(long nowNanos) {
    return down ? nowNanos - downSinceNanos : 0;
  }

  /** Returns how many transports were opened. */
  public long transportsOpened() {
    return transportsOpened;
  }

  /** What others count: the outbox under its lock, the inbound lane under its own. */
  public record Counted(
      QueueSnapshot queue,
      ConnectionMetrics.Deliveries deliveries,
      ConnectionMetrics.Traffic sent,
      ConnectionMetrics.Traffic received,
      long readerPauses) {}

  /** Returns all numbers. */
  public ConnectionMetrics metrics(Counted counted, long nowNanos) {
    return new ConnectionMetrics(
        attempts,
        transportsOpened,
        attemptsFailed == null ? Map.of() : attemptsFailed,
        transportsLost == null ? Map.of() : transportsLost,
        Duration.ofNanos(earlierDowntimeNanos + outageNanos(nowNanos)),
        Duration.ofNanos(lastDetectionNanos),
        Duration.ofNanos(longestDetectionNanos),
        pingsSent,
        roundTrips.snapshot(),
        counted.queue(),
        queueFilled,
        counted.deliveries(),
        counted.sent(),
        counted.received(),
        counted.readerPauses(),
        consumerStalls);
  }

  /** Returns what is remembered, the oldest first, a line each. */
  public List<String> history() {
    return history.lines();
  }
}
