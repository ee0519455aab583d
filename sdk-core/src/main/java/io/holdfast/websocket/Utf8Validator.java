package io.holdfast.websocket;

import java.nio.ByteBuffer;

/** Checks UTF-8 as it comes (RFC 3629, Unicode table 3-7), and says no at the first wrong byte. */
final class Utf8Validator {
  private static final long HIGH_BITS = 0x8080808080808080L;

  // The character under way: bytes it still needs, and the range of the next one.
  private int needed;
  private int low;
  private int high;

  /** Returns false if the bytes so far cannot begin any valid text. */
  boolean accept(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      if (needed == 0) {
        at = skipAscii(bytes, at, end);
        if (at == end) return true;
        if (!lead(bytes[at++] & 0xff)) return false;
      } else if (!continuation(bytes[at++] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether no character is cut off. */
  boolean isComplete() {
    return needed == 0;
  }

  void reset() {
    needed = 0;
  }

  private static int skipAscii(byte[] bytes, int start, int end) {
    int at = start;
    if (end - at >= 16) {
      ByteBuffer view = ByteBuffer.wrap(bytes);
      while (at + 8 <= end && (view.getLong(at) & HIGH_BITS) == 0) at += 8;
    }
    while (at < end && bytes[at] >= 0) at++;
    return at;
  }

  private boolean lead(int first) {
    if (first >= 0xc2 && first <= 0xdf) return expect(1, 0x80, 0xbf);
    if (first == 0xe0) return expect(2, 0xa0, 0xbf); // Less would be overlong.
    if (first == 0xed) return expect(2, 0x80, 0x9f); // More would be a surrogate.
    if (first >= 0xe1 && first <= 0xef) return expect(2, 0x80, 0xbf);
    if (first == 0xf0) return expect(3, 0x90, 0xbf); // Less would be overlong.
    if (first >= 0xf1 && first <= 0xf3) return expect(3, 0x80, 0xbf);
    if (first == 0xf4) return expect(3, 0x80, 0x8f); // More would be above U+10FFFF.
    return false;
  }

  private boolean expect(int count, int lowest, int highest) {
    needed = count;
    low = lowest;
    high = highest;
    return true;
  }

  private boolean continuation(int next) {
    boolean inRange = next >= low && next <= high;
    return inRange && expect(needed - 1, 0x80, 0xbf);
  }
}
