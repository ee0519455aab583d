package io.holdfast.queue;

/**
 * Bounds of a journal.
 *
 * @param maxBytes that all segments together may take on disk
 * @param segmentBytes of each segment; one that begins with a larger record is as long as that
 */
record JournalOptions(long maxBytes, int segmentBytes) {
  static final long DEFAULT_MAX_BYTES = 64L << 20;

  // Beginning a segment takes three syncs, one of all its zeros, and its end one more: a larger one
  // has more records to bear that.
  private static final int DEFAULT_SEGMENTS = 16;
  private static final int MAX_DEFAULT_SEGMENT_BYTES = 4 << 20;
  private static final int MIN_SEGMENT_BYTES = 4_096;
  private static final int MAX_SEGMENT_BYTES = 64 << 20;
  // One being filled, one being emptied, one to copy into.
  private static final int MIN_SEGMENTS = 4;

  JournalOptions {
    if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "segmentBytes must be from "
              + MIN_SEGMENT_BYTES
              + " to "
              + MAX_SEGMENT_BYTES
              + " but was "
              + segmentBytes);
    }
    long least = (long) MIN_SEGMENTS * segmentBytes;
    if (maxBytes < least) {
      throw new IllegalArgumentException(
          "maxBytes must be at least "
              + least
              + ", which is "
              + MIN_SEGMENTS
              + " segments, but was "
              + maxBytes);
    }
  }

  /** Returns those with segments that fit {@code maxBytes}. */
  static JournalOptions of(long maxBytes) {
    long share = Math.min(maxBytes / DEFAULT_SEGMENTS, MAX_DEFAULT_SEGMENT_BYTES);
    return new JournalOptions(maxBytes, (int) Math.max(share, MIN_SEGMENT_BYTES));
  }

  /** Returns what appended messages may take: the rest is kept for copies and releases. */
  long bytesForMessages() {
    return maxBytes - segmentBytes;
  }

  /** Returns how long the segment must be that begins with {@code bytes}. */
  long segmentLength(long bytes) {
    return Math.max(segmentBytes, bytes);
  }
}
