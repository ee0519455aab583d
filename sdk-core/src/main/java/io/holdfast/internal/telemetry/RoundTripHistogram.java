package io.holdfast.internal.telemetry;

import io.holdfast.ConnectionMetrics.RoundTrips;
import java.time.Duration;
import java.util.Arrays;

/**
 * Round trips counted in ranges that grow with the time, eight for each doubling:
 *
 * <pre>
 *   ... 8 ms | 9 ms | 10 ms | ... | 15 ms | 16 ms | 18 ms | 20 ms | ...
 *        '------- one doubling -------'      '--- the next ---
 * </pre>
 *
 * A range is told by its middle, and an eighth of its start wide: at most 6.25 % off. Only the
 * doublings between the shortest and the longest time take memory, 64 bytes each: some 200 bytes on
 * a steady path, 4 KiB at the very most.
 */
final class RoundTripHistogram {
  private static final int RANGES_BITS = 3;
  private static final int RANGES = 1 << RANGES_BITS;
  private static final long[] NONE = {};

  // From range `first` on, which begins a doubling.
  private long[] counts = NONE;
  private int first;
  private long total;
  private long maxNanos;

  void add(long nanos) {
    long time = Math.max(0, nanos);
    int range = rangeOf(time);
    makeRoomFor(range);
    counts[range - first]++;
    total++;
    maxNanos = Math.max(maxNanos, time);
  }

  RoundTrips snapshot() {
    return new RoundTrips(
        total, quantile(0.50), quantile(0.95), quantile(0.99), Duration.ofNanos(maxNanos));
  }

  private Duration quantile(double part) {
    long rank = (long) Math.ceil(part * total);
    if (rank == 0) return Duration.ZERO;
    int index = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[index]) index++;
    return Duration.ofNanos(Math.min(middleOf(first + index), maxNanos));
  }

  // Times below 8 ns have a range each; then three bits after the highest one tell the range.
  private static int rangeOf(long nanos) {
    if (nanos < RANGES) return (int) nanos;
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - RANGES_BITS;
    return shift * RANGES + (int) (nanos >>> shift);
  }

  private static long middleOf(int range) {
    if (range < RANGES) return range;
    int shift = range / RANGES - 1;
    long start = (long) (range % RANGES + RANGES) << shift;
    return start + ((1L << shift) >> 1);
  }

  private void makeRoomFor(int range) {
    int doubling = range - range % RANGES;
    if (counts.length == 0) {
      first = doubling;
      counts = new long[RANGES];
    } else if (doubling < first) {
      long[] wider = new long[first - doubling + counts.length];
      System.arraycopy(counts, 0, wider, first - doubling, counts.length);
      counts = wider;
      first = doubling;
    } else if (doubling >= first + counts.length) {
      counts = Arrays.copyOf(counts, doubling + RANGES - first);
    }
  }
}
