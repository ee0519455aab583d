package io.holdfast.queue;

import java.util.Map;
import java.util.TreeMap;

/** A set of sequences, kept as ranges, for most are next to each other. */
final class SequenceRanges {
  static final int BYTES_OF_A_RANGE = 16;

  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

  void add(long sequence) {
    add(sequence, sequence);
  }

  void add(long first, long last) {
    long from = first;
    long to = last;
    // Whatever touches the new range becomes part of it.
    Map.Entry<Long, Long> before = lastByFirst.floorEntry(to == Long.MAX_VALUE ? to : to + 1);
    while (before != null && before.getValue() >= from - 1) {
      lastByFirst.remove(before.getKey());
      from = Math.min(from, before.getKey());
      to = Math.max(to, before.getValue());
      before = lastByFirst.floorEntry(to == Long.MAX_VALUE ? to : to + 1);
    }
    lastByFirst.put(from, to);
  }

  void addAll(SequenceRanges others) {
    others.lastByFirst.forEach(this::add);
  }

  void addAll(long[] pairs) {
    for (int i = 0; i < pairs.length; i += 2) add(pairs[i], pairs[i + 1]);
  }

  boolean contains(long sequence) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(sequence);
    return range != null && range.getValue() >= sequence;
  }

  boolean isEmpty() {
    return lastByFirst.isEmpty();
  }

  void clear() {
    lastByFirst.clear();
  }

  /** Returns them as pairs of first and last. */
  long[] pairs() {
    long[] pairs = new long[2 * lastByFirst.size()];
    int at = 0;
    for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
      pairs[at++] = range.getKey();
      pairs[at++] = range.getValue();
    }
    return pairs;
  }

  /** Returns what the pairs take on disk. */
  long bytes() {
    return (long) BYTES_OF_A_RANGE * lastByFirst.size();
  }
}
