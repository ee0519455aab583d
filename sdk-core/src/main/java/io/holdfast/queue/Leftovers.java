package io.holdfast.queue;

import io.holdfast.queue.DiskFiles.OpenFile;
import io.holdfast.queue.Recovered.Unreadable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery could not read, kept in files beside: {@code unreadable-<segment>-<offset>}. What
 * has such a file already was told by an earlier life.
 */
final class Leftovers {
  private static final String PREFIX = "unreadable-";
  private static final int NUMBER_DIGITS = 16;
  private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9]{16}-[0-9]{10}");
  // They are for a person, and must not fill the disk.
  private static final int MOST_FILES = 16;

  private final DiskFiles files;
  private final TreeSet<String> names = new TreeSet<>();
  private final List<Unreadable> told = new ArrayList<>();
  private long bytesInAll;
  private boolean any;

  Leftovers(DiskFiles files, List<String> allNames) {
    this.files = files;
    for (String name : allNames) {
      if (NAME.matcher(name).matches()) names.add(name);
    }
  }

  /** Returns the highest number of a segment of which there is something. */
  long lastNumber() {
    if (names.isEmpty()) return 0;
    String newest = names.last();
    return Long.parseLong(newest.substring(PREFIX.length(), PREFIX.length() + NUMBER_DIGITS));
  }

  /** Keeps what lies behind the last record of the newest segment, but for the zeros. */
  void keepTail(SegmentHeader header, byte[] bytes, int from) {
    if (bytes.length < header.length()) {
      keepDamaged(header.number(), bytes, from, header.length());
      return;
    }
    int end = bytes.length;
    while (end > from && bytes[end - 1] == 0) end--;
    String why =
        "the end of the newest file fails its check, as after a crash while it was written";
    if (end > from) keep(header.number(), Arrays.copyOfRange(bytes, from, end), from, why);
  }

  /** Keeps what lies behind the last record, where there should be more, up to {@code end}. */
  void keepDamaged(long number, byte[] bytes, int from, int end) {
    byte[] rest = Arrays.copyOfRange(bytes, from, Math.max(from, Math.min(end, bytes.length)));
    bytesInAll += end - from - rest.length;
    keep(number, rest, from, "damaged: what was durable fails its check");
  }

  private void keep(long number, byte[] rest, int from, String why) {
    String name = name(number, from);
    note(copy(name, rest), name, from, rest.length, why);
  }

  /** Notes that a whole segment is not there, unless it was set aside. */
  void missing(long number) {
    if (names.contains(name(number, 0))) return;
    any = true;
    told.add(new Unreadable(null, 0, 0, "damaged: " + Segment.name(number) + " is missing"));
  }

  private static String name(long number, int offset) {
    return PREFIX + Segment.digits(number, NUMBER_DIGITS) + "-" + Segment.digits(offset, 10);
  }

  private void note(@Nullable String file, String name, int from, int bytes, String reason) {
    any = true;
    bytesInAll += bytes;
    if (!names.add(name)) return;
    if (file == null) names.remove(name);
    told.add(new Unreadable(file, from, bytes, reason));
  }

  // A full disk must not keep a life from beginning: the bytes stay where they are, too.
  private @Nullable String copy(String name, byte[] bytes) {
    if (names.contains(name)) return name;
    try {
      OpenFile file = files.create(name);
      try {
        file.write(0, bytes, bytes.length);
        file.sync();
      } finally {
        file.close();
      }
      files.syncDirectory();
      return name;
    } catch (IOException e) {
      return null;
    }
  }

  /** Takes a segment whose header fails its check out of the way. */
  void setAside(long number, byte[] bytes, int atLeast) throws IOException {
    bytesInAll += Math.max(0, atLeast - bytes.length);
    String name = name(number, 0);
    files.rename(Segment.name(number), name);
    files.syncDirectory();
    note(name, name, 0, bytes.length, "a file whose header fails its check, or cannot be read");
  }

  /** Returns how many records may be in what cannot be read. */
  long mostRecords() {
    return bytesInAll / RecordCodec.HEAD;
  }

  boolean any() {
    return any;
  }

  List<Unreadable> told() {
    return told;
  }

  void deleteOldest() throws IOException {
    while (names.size() > MOST_FILES) files.delete(names.pollFirst());
  }
}
