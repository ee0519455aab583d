package io.holdfast.queue;

import io.holdfast.queue.DiskFiles.OpenFile;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One file of records. The journal's leader owns it. */
final class Segment {
  static final String NEW = ".new";

  private static final String PREFIX = "segment-";
  private static final int DIGITS = 16;
  private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9]{" + DIGITS + "}");

  final SegmentHeader header;
  final String name;
  final int length;
  // Null once nothing more is written to it.
  @Nullable OpenFile file;
  // Up to where it was written, and up to where that was synced.
  int written;
  int durable;
  // Messages in it that are not released and have no newer copy.
  int live;

  Segment(SegmentHeader header, int durable) {
    this.header = header;
    this.name = name(header.number());
    this.length = header.length();
    this.written = durable;
    this.durable = durable;
  }

  static String name(long number) {
    return PREFIX + digits(number, DIGITS);
  }

  /** Returns a number such that names are in the order of numbers. */
  static String digits(long number, int digits) {
    StringBuilder padded = new StringBuilder(digits).append(number);
    while (padded.length() < digits) padded.insert(0, '0');
    return padded.toString();
  }

  /** Returns the number of the segment of that name; 0 if none has it. */
  static long number(String name) {
    if (!NAME.matcher(name).matches()) return 0;
    return Long.parseLong(name.substring(PREFIX.length()));
  }

  boolean fits(long bytes) {
    return bytes <= length - written;
  }

  void close() {
    OpenFile open = file;
    file = null;
    if (open != null) open.close();
  }
}
