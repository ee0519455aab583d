package io.holdfast.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of sequences, kept as ranges, for most are next to each other. */
final class SequenceRanges {
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

  /** Returns them as pairs of first and last, at most {@code ranges} pairs together. */
  List<long[]> inPartsOf(int ranges) {
    List<long[]> parts = new ArrayList<>();
    int left = lastByFirst.size();
    int at = 0;
    for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
      if (at == 0) parts.add(new long[2 * Math.min(left, ranges)]);
      long[] part = parts.get(parts.size() - 1);
      part[at] = range.getKey();
      part[at + 1] = range.getValue();
      at = (at + 2) % part.length;
      left--;
    }
    return parts;
  }
}
