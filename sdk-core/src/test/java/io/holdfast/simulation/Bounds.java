package io.holdfast.simulation;

import java.time.Duration;

/** How soon, once faults have ended, what must come right: from the settings alone. */
final class Bounds {
  // The longest that a server of ours bids.
  private static final Duration BIDDEN = Duration.ofSeconds(121);
  // A flow's longest retransmission, and what a slow way needs for its buffers.
  private static final Duration SLACK = Duration.ofSeconds(20);
  private static final Duration ALLOWANCE = Duration.ofSeconds(60);

  private final Setup setup;

  Bounds(Setup setup) {
    this.setup = setup;
  }

  /** Until it is open: an attempt that fails late, a wait, an attempt; and a connection anew. */
  long openNanos() {
    Duration wait = setup.backoff().max().plus(setup.backoff().spread()).plus(setup.ownWait());
    return setup.attemptTimeout().multipliedBy(2).plus(wait).plus(BIDDEN).plus(SLACK).toNanos();
  }

  /** Until a dead peer has been found, whoever it is that finds it. */
  long settleNanos() {
    return setup
        .heartbeat()
        .interval()
        .plus(setup.heartbeat().timeout())
        .plus(ALLOWANCE)
        .plus(setup.writeStall())
        .plus(setup.confirmTimeout())
        .plus(SLACK)
        .toNanos();
  }

  /** Until everything queued has its fate: the way is open. */
  long drainNanos() {
    long seconds = setup.maxQueuedBytes() / Math.max(1, bytesPerSecond());
    return settleNanos()
        + Duration.ofSeconds(Math.min(3600, 2 * seconds)).plus(SLACK).toNanos()
        + setup.barrierSpacing().toNanos() * 4;
  }

  // A buffer that is small for a long way lets one of itself through in a round trip.
  private long bytesPerSecond() {
    double roundTripSeconds = Math.max(1e-3, 2 * setup.latencyNanos() / 1e9);
    return (long) Math.min((double) setup.bytesPerSecond(), setup.bufferBytes() / roundTripSeconds);
  }

  /** Until a message on an idle transport is confirmed. */
  long promptNanos() {
    return setup.barrierSpacing().plus(Duration.ofSeconds(3)).toNanos();
  }
}
