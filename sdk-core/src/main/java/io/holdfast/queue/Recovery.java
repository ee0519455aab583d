package io.holdfast.queue;

import io.holdfast.queue.DiskFiles.OpenFile;
import io.holdfast.queue.RecordCodec.Found;
import io.holdfast.queue.Recovered.Kept;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the last life left, newest segment first: a release stands behind its message, so what
 * was released is known before it is met, and is not decoded.
 */
final class Recovery {
  /** A message that was not released, and where its newest copy is. */
  record Message(long sequence, StoredMessage message, Segment segment, long bytes) {}

  private final DiskFiles files;
  // What a segment has whose header cannot tell.
  private final int segmentBytes;
  private final Leftovers leftovers;
  private final RecordCodec codec = new RecordCodec();
  // Where the segment of that number ends, as the one written after it says.
  private final Map<Long, Integer> ends = new HashMap<>();
  private final SequenceRanges released = new SequenceRanges();
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();
  private List<Message> messages = new ArrayList<>();
  private byte @Nullable [] state;
  private boolean handing;
  private long handedUpTo;
  private long lastNumber;
  private @Nullable Segment active;
  // Of the segment that was read last.
  private long previousNumber;
  private long highestSequence;

  /** Reads the directory; the lock is held. */
  Recovery(DiskFiles files, int segmentBytes) throws IOException {
    this.files = files;
    this.segmentBytes = segmentBytes;
    // A killed process may have left names that a power cut would still take back.
    files.syncDirectory();
    List<String> names = files.list();
    leftovers = new Leftovers(files, names);
    TreeSet<Long> numbers = new TreeSet<>();
    for (String name : names) {
      if (name.endsWith(Segment.NEW)) files.delete(name);
      else if (Segment.number(name) > 0) numbers.add(Segment.number(name));
    }
    lastNumber = Math.max(leftovers.lastNumber(), numbers.isEmpty() ? 0 : numbers.last());
    for (long number : numbers.descendingSet()) readSegment(number);
    highestSequence += leftovers.mostRecords();
    messages = newestCopies(messages);
    leftovers.deleteOldest();
    continueNewest();
  }

  private void readSegment(long number) throws IOException {
    byte[] bytes = read(number);
    SegmentHeader header = SegmentHeader.decode(bytes);
    if (header == null || header.number() != number) {
      leftovers.setAside(number, bytes, segmentBytes);
      return;
    }
    // Segments go oldest first, so that none is missing between others.
    if (number < previousNumber) leftovers.missing(previousNumber);
    previousNumber = header.previousNumber();
    if (previousNumber > 0) ends.put(previousNumber, header.previousEnd());
    readRecords(header, bytes);
  }

  // What the disk cannot read is worth no more than what fails its check.
  private byte[] read(long number) {
    try {
      return files.read(Segment.name(number));
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private void readRecords(SegmentHeader header, byte[] bytes) throws IOException {
    Integer known = ends.get(header.number());
    int end = known == null ? bytes.length : Math.min(known, bytes.length);
    List<Found> records = new ArrayList<>();
    int position = SegmentHeader.SIZE;
    while (codec.check(header, bytes, position, end)) {
      Found record = RecordCodec.found(bytes, position);
      records.add(record);
      position = record.end();
    }
    Segment segment = new Segment(header, position);
    if (known == null) makeDurable(segment, bytes);
    if (known == null) leftovers.keepTail(header, bytes, position);
    else if (position < known) leftovers.keepDamaged(header.number(), bytes, position, known);
    readHints(header, records, bytes);
    for (Found record : records) {
      if (record.type() == RecordCodec.MESSAGE) readMessage(segment, record, bytes);
    }
    segments.addFirst(segment);
  }

  // A killed process may have written the end of the newest segment and not have synced it; or have
  // failed to, after which the system may take for written what is not. So it is written again,
  // byte
  // for byte.
  private void makeDurable(Segment segment, byte[] bytes) throws IOException {
    OpenFile file = files.open(segment.name);
    try {
      file.write(0, bytes, segment.durable);
      file.sync();
    } finally {
      file.close();
    }
  }

  // Behind its last record there is nothing but zeros, or it would have been told.
  private void continueNewest() throws IOException {
    Segment newest = segments.peekLast();
    if (newest == null || newest.header.number() != lastNumber || leftovers.any()) return;
    newest.file = files.open(newest.name);
    active = newest;
  }

  // All that is no message. The newest segment, which is met first, has the last word.
  private void readHints(SegmentHeader header, List<Found> records, byte[] bytes) {
    boolean newest = segments.isEmpty();
    boolean handingThen = header.handing();
    byte[] stateThen = null;
    seen(header.nextSequence() - 1);
    handedUpTo = Math.max(handedUpTo, header.handedUpTo());
    for (Found record : records) {
      seen(record.sequence());
      if (record.type() == RecordCodec.RELEASED) readReleases(record, bytes);
      if (record.type() == RecordCodec.STATE) stateThen = body(record, bytes);
      if (record.type() == RecordCodec.HANDING) handingThen = true;
      if (record.type() == RecordCodec.HANDED) {
        handingThen = false;
        handedUpTo = Math.max(handedUpTo, record.sequence());
      }
    }
    if (newest) handing = handingThen;
    if (state == null) state = stateThen;
  }

  private void seen(long sequence) {
    highestSequence = Math.max(highestSequence, sequence);
  }

  private static byte[] body(Found record, byte[] bytes) {
    byte[] body = new byte[record.length()];
    System.arraycopy(bytes, record.body(), body, 0, body.length);
    return body;
  }

  private void readReleases(Found record, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes, record.body(), record.length());
    while (in.hasRemaining()) {
      long first = in.getLong();
      long last = in.getLong();
      released.add(first, last);
      seen(last);
    }
  }

  private void readMessage(Segment segment, Found record, byte[] bytes) throws IOException {
    if (released.contains(record.sequence())) return;
    ByteBuffer body = ByteBuffer.wrap(bytes, record.body(), record.length());
    StoredMessage message = MessageCodec.decode(body);
    messages.add(
        new Message(record.sequence(), message, segment, record.end() - record.position()));
  }

  // The sort is stable: of copies the newest, which was met first, stays in front.
  private static List<Message> newestCopies(List<Message> found) {
    found.sort(Comparator.comparingLong(Message::sequence));
    List<Message> newest = new ArrayList<>(found.size());
    long last = 0;
    for (Message message : found) {
      if (message.sequence() != last) newest.add(message);
      last = message.sequence();
    }
    return newest;
  }

  // ---- What was found

  Recovered recovered() {
    // What cannot be read may have said that messages were handed.
    boolean all = handing || leftovers.any();
    List<Kept> kept = new ArrayList<>(messages.size());
    for (Message message : messages) {
      boolean handed = all || message.sequence() <= handedUpTo;
      kept.add(new Kept(message.sequence(), message.message(), handed));
    }
    return new Recovered(kept, state, leftovers.told());
  }

  List<Message> messages() {
    return messages;
  }

  /** Returns the segments, oldest first. */
  ArrayDeque<Segment> segments() {
    return segments;
  }

  /** Returns the newest if it can be written to. */
  @Nullable Segment active() {
    return active;
  }

  byte @Nullable [] state() {
    return state;
  }

  boolean handing() {
    return handing || leftovers.any();
  }

  long handedUpTo() {
    return handedUpTo;
  }

  /** Returns the highest number that a segment ever had. */
  long lastNumber() {
    return lastNumber;
  }

  /** Returns a number that no sequence ever given is above. */
  long highestSequence() {
    return highestSequence;
  }
}
