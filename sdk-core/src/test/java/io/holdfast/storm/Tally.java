package io.holdfast.storm;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Counts what a storm does to a server and to its fleet. */
final class Tally {
  private static final long NOT_CUT = -1;

  private final int[] attempts;
  private final long[] cutAtNanos;
  private final LongStream.Builder arrivals = LongStream.builder();
  private final LongStream.Builder waits = LongStream.builder();
  private long serverBackAtNanos;
  private int waiting;

  Tally(int fleet) {
    attempts = new int[fleet];
    cutAtNanos = new long[fleet];
    Arrays.fill(cutAtNanos, NOT_CUT);
  }

  /** Waits are counted from {@code nanos} on, and not from an earlier cut. */
  void serverBackAt(long nanos) {
    serverBackAtNanos = nanos;
  }

  void attempted(int member, long arrivalNanos) {
    attempts[member]++;
    arrivals.add(arrivalNanos);
  }

  void cut(int member, long nanos) {
    cutAtNanos[member] = nanos;
    waiting++;
  }

  void opened(int member, long nanos) {
    if (cutAtNanos[member] == NOT_CUT) return;
    waits.add(nanos - Math.max(cutAtNanos[member], serverBackAtNanos));
    cutAtNanos[member] = NOT_CUT;
    waiting--;
  }

  /** How many members are cut and not open again. */
  int waiting() {
    return waiting;
  }

  Report report(double acceptRate) {
    long[] sorted = arrivals.build().sorted().toArray();
    long[] waited = waits.build().sorted().toArray();
    int back = firstNotBefore(sorted, serverBackAtNanos);
    return new Report(
        peak(sorted, 0, back) / acceptRate,
        peak(sorted, back, sorted.length) / acceptRate,
        Arrays.stream(attempts).average().orElse(0),
        Arrays.stream(attempts).max().orElse(0),
        quantileSeconds(waited, 0.5),
        quantileSeconds(waited, 0.99),
        waiting);
  }

  private static int firstNotBefore(long[] sorted, long nanos) {
    int at = Arrays.binarySearch(sorted, nanos);
    return at < 0 ? -at - 1 : at;
  }

  /** The most within any second. */
  private static int peak(long[] sorted, int from, int to) {
    int most = 0;
    int first = from;
    for (int i = from; i < to; i++) {
      while (sorted[i] - sorted[first] >= StormServer.SECOND) first++;
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  // Those who never came back wait for ever.
  private double quantileSeconds(long[] waited, double quantile) {
    int index = (int) Math.ceil(quantile * (waited.length + waiting)) - 1;
    if (index < 0) return 0;
    return index < waited.length ? waited[index] / 1e9 : Double.POSITIVE_INFINITY;
  }
}
