package io.holdfast.simulation;

import io.holdfast.Heartbeat;
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
    Speech speech = setup.speech();
    Heartbeat background = setup.background();
    return setup
        .longestInterval()
        .plus(setup.heartbeat().timeout())
        .plus(background == null ? Duration.ZERO : background.timeout())
        .plus(ALLOWANCE)
        .plus(setup.writeStall())
        .plus(setup.confirmTimeout())
        .plus(SLACK)
        .plus(speech == null ? Duration.ZERO : speech.acknowledgeTimeout())
        .toNanos();
  }

  /** Until so many bytes that are queued have their fates: the way is open. */
  long drainNanos(long queuedBytes) {
    // A buffer passes once in a round trip, whose latency may be an eighth longer each way.
    double roundTripSeconds = 2.25 * setup.latencyNanos() / 1e9;
    double rate = Math.min((double) setup.bytesPerSecond(), setup.bufferBytes() / roundTripSeconds);
    return settleNanos()
        + Duration.ofSeconds((long) (2 * queuedBytes / rate)).plus(SLACK).toNanos()
        + setup.barrierSpacing().toNanos() * 4;
  }

  /** Until a message on an idle transport is confirmed. */
  long promptNanos() {
    return setup.barrierSpacing().plus(Duration.ofSeconds(3)).toNanos();
  }
}
