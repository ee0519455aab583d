package io.holdfast.internal.machine;

/** The usual round trip of one transport and how much it varies, estimated as RFC 6298 does. */
final class RoundTrips {
  // What is later than this many times as much is late.
  private static final int PATIENCE = 4;

  private boolean known;
  private long smoothedNanos;
  private long variationNanos;

  void add(long nanos) {
    if (!known) {
      known = true;
      smoothedNanos = nanos;
      variationNanos = nanos / 2;
      return;
    }
    variationNanos += (Math.abs(smoothedNanos - nanos) - variationNanos) / 4;
    smoothedNanos += (nanos - smoothedNanos) / 8;
  }

  /** Returns when a pong is late; {@code mostNanos} as long as nothing is known. */
  long lateAfterNanos(long leastNanos, long mostNanos) {
    if (!known) return mostNanos;
    // No long: what a peer takes may be as long as it likes.
    double lateNanos = PATIENCE * (smoothedNanos + 4.0 * variationNanos);
    return (long) Math.min((double) mostNanos, Math.max((double) leastNanos, lateNanos));
  }
}
