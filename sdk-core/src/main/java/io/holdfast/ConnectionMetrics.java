package io.holdfast;

import java.time.Duration;
import java.util.Map;

/**
 * Counters and gauges of one connection since it was built, at one moment. Counters never fall. The
 * parts are read one after the other, so that while messages flow they may be a little apart.
 *
 * @param attempts how many have started, those of a second transport beside the first ({@link
 *     ConnectionEvent.SuccessorStarted}) included
 * @param transportsOpened how many of them succeeded: a second transport once it has taken the
 *     first one's place and is ready
 * @param attemptsFailed how many failed, by {@link ConnectionException#kind}; only kinds that
 *     occurred. A second transport counts as failed if it was dropped with a cause; one that was
 *     dropped without, and an attempt that the end of the connection cut short, count neither as
 *     opened nor as failed
 * @param transportsLost how many open transports were lost, by kind as well
 * @param downtime how long the connection was not {@link ConnectionState.Open} since {@link
 *     ManagedConnection#open}, the present outage and {@link ManagedConnection#suspend} included,
 *     until it began to close
 * @param lastDetection how long the peer had been silent when a heartbeat last found it dead; zero
 *     if that never happened
 * @param longestDetection the longest of these
 * @param pingsSent pings that the kernel took, heartbeats and those that confirm messages
 * @param roundTrips how long pongs took
 * @param queue the outbox now
 * @param queueFilled how often the outbox became full, as {@link ConnectionEvent.QueueFilled} tells
 * @param deliveries how many deliveries ended, by fate
 * @param sent messages that the kernel took, each time that they were sent
 * @param received messages that were read for the app, whether anybody received them or not
 * @param readerPauses how often reading paused because the app's consumer was behind
 * @param consumerStalls how often {@link ConnectionEvent.ConsumerStalled} was told
 */
public record ConnectionMetrics(
    long attempts,
    long transportsOpened,
    Map<String, Long> attemptsFailed,
    Map<String, Long> transportsLost,
    Duration downtime,
    Duration lastDetection,
    Duration longestDetection,
    long pingsSent,
    RoundTrips roundTrips,
    QueueSnapshot queue,
    long queueFilled,
    Deliveries deliveries,
    Traffic sent,
    Traffic received,
    long readerPauses,
    long consumerStalls) {

  /** Copies the maps. */
  public ConnectionMetrics {
    attemptsFailed = Map.copyOf(attemptsFailed);
    transportsLost = Map.copyOf(transportsLost);
  }

  /**
   * Round trips since the connection was built, from a ping's flush to its pong. Quantiles are at
   * most 6.25 % off, for times are counted in ranges; the longest is exact. All are zero if there
   * was none.
   *
   * @param count how many were measured
   * @param p50 half of them took at most this long
   * @param p95 95 of 100
   * @param p99 99 of 100
   * @param max the longest
   */
  public record RoundTrips(long count, Duration p50, Duration p95, Duration p99, Duration max) {}

  /**
   * The application's messages. Only their payload is counted, before compression and as the app
   * knows it: neither frames nor headers, pings, pongs, nor what a {@link
   * io.holdfast.protocol.Protocol} says for itself.
   *
   * @param messages how many
   * @param bytes their payload; of text, in UTF-8
   */
  public record Traffic(long messages, long bytes) {}

  /**
   * Deliveries that ended, by {@link Fate}. Messages that were never accepted are among {@code
   * rejected}, those that the peer refused among {@code refused}.
   */
  public record Deliveries(
      long written,
      long confirmed,
      long acknowledged,
      long refused,
      long expired,
      long evicted,
      long conflated,
      long cancelled,
      long kept,
      long rejected,
      long inDoubt) {}
}
