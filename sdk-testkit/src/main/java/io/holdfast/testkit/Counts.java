package io.holdfast.testkit;

import java.util.HashMap;
import java.util.Map;

/** How often each of very many numbers was seen: two bytes for each, in pages. */
final class Counts {
  /** What a count saturates at. */
  static final int MAX = 0xffff;

  private static final int PAGE_BITS = 10;
  private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

  private final Map<Long, char[]> pages = new HashMap<>();

  /** Counts {@code number} and returns how often it was seen before. */
  int add(long number) {
    char[] page = pages.computeIfAbsent(number >> PAGE_BITS, absent -> new char[PAGE_MASK + 1]);
    int slot = (int) number & PAGE_MASK;
    int before = page[slot];
    if (before < MAX) page[slot]++;
    return before;
  }

  int of(long number) {
    char[] page = pages.get(number >> PAGE_BITS);
    return page == null ? 0 : page[(int) number & PAGE_MASK];
  }
}
