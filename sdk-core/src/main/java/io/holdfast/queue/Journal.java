package io.holdfast.queue;

import io.holdfast.queue.DiskFiles.OpenFile;
import io.holdfast.queue.RecordCodec.Found;
import io.holdfast.queue.SendQueue.Refusal;
import io.holdfast.queue.SendQueue.Refusal.Reason;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages in a row of segments, of which the last is written to:
 *
 * <pre>
 *   segment-0000000000000007      segment-0000000000000008      segment-0000000000000009
 *   | header | records   | 0 |    | header | records | 0 0 |    | header | records    0 0 0 |
 *                        '- end as said by 8 --------' by 9                      '- appends
 * </pre>
 *
 * {@link SegmentHeader} and {@link RecordCodec} draw what is in them.
 *
 * <p><b>Writing.</b> A group is one write and one sync, of records alone: a segment is written full
 * of zeros, synced, renamed to its name and the directory synced, before anything is put into it.
 * Releases and hints go with the next group, or without a sync if nothing else waits: a kill does
 * not lose them, a power cut may.
 *
 * <p><b>Segments stand for themselves.</b> A segment begins with the protocol's state, and its
 * header with all else that must be known, so that any older one can go when no message in it is
 * needed. They go oldest first, and the directory is synced after each: a release stands behind its
 * message, and so would go only after it. The newest never goes, for it knows the next sequence.
 *
 * <p><b>The end of a segment</b> stands in the header of the next: that makes the cut of a torn
 * tail durable. It also hides what a failed write or sync may have left. After such a failure the
 * segment is never written or synced again, for the next sync would say that all is well; what was
 * not durable is written again to a new segment, once, or refused.
 *
 * <p><b>The next life</b> reads each segment up to its end, or to the first record that fails its
 * check, and goes on behind it in the newest if there is nothing but zeros; otherwise it begins a
 * new one, whose header makes the cut. See {@link Recovery}.
 *
 * <p><b>The bound.</b> When segments reach it, and at most half of it are messages that are needed,
 * those in the oldest segments are copied to the newest, and the oldest deleted: one message that
 * waits for long does not keep all that came after it. A segment's worth is kept free for this, and
 * for releases.
 *
 * <p>One thread at a time uses it: the leader.
 */
final class Journal implements Store {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  // A segment is one array when it is read.
  private static final long MOST_OF_A_RECORD = 1 << 30;
  private static final int PIECE = 64 << 10;

  private final DiskFiles files;
  private final JournalOptions options;
  private final LongSupplier salts;
  private final RecordCodec codec = new RecordCodec();
  private final LiveMessages live = new LiveMessages();

  private ArrayDeque<Segment> segments = new ArrayDeque<>();
  // The last of the segments while it may be written to.
  private @Nullable Segment active;
  private long lastNumber;
  private long highestSequence;
  private long bytes;
  private boolean directoryUnsynced;

  private byte @Nullable [] state;
  private boolean stateUnsaved;
  private boolean handing;
  private long handedUpTo;
  // Not written yet; written but not synced.
  private final SequenceRanges releases = new SequenceRanges();
  private final SequenceRanges unsyncedReleases = new SequenceRanges();

  // Of the group that is being committed.
  private List<Operation> batch = new ArrayList<>();
  private long batchBytes;
  private @Nullable Refusal refusal;
  private long lastTold;
  // Messages that were released before they were written.
  private final Set<Long> releasedEarly = new HashSet<>();
  private boolean copying;

  private volatile SendQueue.Usage usage = new SendQueue.Usage(0, 0);

  Journal(DiskFiles files, JournalOptions options, LongSupplier salts) {
    this.files = files;
    this.options = options;
    this.salts = salts;
  }

  // ---- Beginning and end

  @Override
  public Opened open() throws IOException {
    files.lock();
    try {
      Recovery recovery = new Recovery(files, options.segmentBytes());
      begin(recovery);
      return new Opened(recovery.recovered(), highestSequence + 1);
    } catch (IOException | RuntimeException | Error e) {
      files.unlock();
      throw e;
    }
  }

  private void begin(Recovery recovery) {
    segments = recovery.segments();
    active = recovery.active();
    lastNumber = recovery.lastNumber();
    highestSequence = recovery.highestSequence();
    lastTold = highestSequence;
    state = recovery.state();
    stateUnsaved = false;
    handing = recovery.handing();
    handedUpTo = recovery.handedUpTo();
    releases.clear();
    unsyncedReleases.clear();
    live.clear();
    for (Recovery.Message message : recovery.messages()) {
      live.put(message.sequence(), message.segment(), message.bytes());
    }
    bytes = 0;
    for (Segment segment : segments) bytes += segment.length;
    deleteReleased();
    count();
  }

  @Override
  public void close() {
    Segment last = active;
    if (last != null) {
      sealActive();
      last.close();
      active = null;
    }
    files.unlock();
  }

  @Override
  public SendQueue.Usage usage() {
    return usage;
  }

  private void count() {
    usage = new SendQueue.Usage(live.count(), bytes);
  }

  // ---- A group

  @Override
  public void commit(List<Operation> group) {
    try {
      write(group);
    } catch (RuntimeException | Error e) {
      // No memory for a large record, perhaps; what was not told must be.
      log.error("A group of a journal could not be written", e);
      abandonActive();
      refuseUntold(group, new Refusal(Reason.DISK_FAILED, "could not be written: " + e, null));
    }
    releasedEarly.clear();
    deleteReleased();
    count();
  }

  private void write(List<Operation> group) {
    refusal = null;
    byte[] unsaved = state;
    if (stateUnsaved && unsaved != null) add(new Operation.SaveState(unsaved));
    for (Operation operation : group) admit(operation);
    // The room that is kept for them is there even if a message found none.
    boolean mayHaveRoom = refusal == null || refusal.reason() == Reason.QUEUE_FULL;
    if (!releases.isEmpty() && !fits(0) && mayHaveRoom) {
      refusal = rotate(0, new Operation.Released(new long[0]));
    }
    flush();
  }

  private void refuseUntold(List<Operation> group, Refusal why) {
    for (Operation operation : batch) {
      if (operation instanceof Operation.Released) refuse(operation, why);
    }
    batch = new ArrayList<>();
    batchBytes = 0;
    for (Operation operation : group) {
      boolean told = operation instanceof Operation.Append append && append.sequence() <= lastTold;
      if (!told) refuse(operation, why);
    }
  }

  private void admit(Operation operation) {
    if (operation instanceof Operation.Release release) {
      release(release.sequence());
    } else if (operation instanceof Operation.Append append) {
      admit(append);
    } else if (operation instanceof Operation.Handing) {
      handing = true;
      add(operation);
    } else if (operation instanceof Operation.Handed handed) {
      handing = false;
      handedUpTo = Math.max(handedUpTo, Math.min(handed.upTo(), highestSequence));
      add(new Operation.Handed(handedUpTo));
    } else if (operation instanceof Operation.SaveState) {
      add(operation);
    }
  }

  // The message may come in this very group.
  private void release(long sequence) {
    boolean coming = sequence > lastTold && sequence <= highestSequence;
    if (!coming && !live.contains(sequence)) return;
    // At once: copied after its release, it would outlive that.
    live.forget(sequence);
    if (coming) releasedEarly.add(sequence);
    // Releases have room behind the batch, or wait for the next segment.
    if (!batch.isEmpty() && !fits(SequenceRanges.BYTES_OF_A_RANGE)) flush();
    releases.add(sequence);
  }

  private void admit(Operation.Append append) {
    highestSequence = append.sequence();
    long room = Math.min(MOST_OF_A_RECORD, options.bytesForMessages());
    long needed = emptySegment() + RecordCodec.size(append);
    if (needed > room) {
      flush();
      String rule = "a message must fit into " + room + " bytes but needs " + needed;
      refuse(append, new Refusal(Reason.TOO_LARGE, rule, null));
    } else {
      add(append);
    }
  }

  private void add(Operation operation) {
    long size = RecordCodec.size(operation);
    if (!fits(size)) {
      flush();
      if (!fits(size) && refusal == null) refusal = rotate(size, operation);
      Refusal why = refusal;
      if (!fits(size) && why != null) {
        refuse(operation, why);
        return;
      }
    }
    batch.add(operation);
    batchBytes += size;
  }

  private boolean fits(long size) {
    return active != null && active.fits(batchBytes + size + releasesSize());
  }

  private long releasesSize() {
    return releases.isEmpty() ? RecordCodec.HEAD : RecordCodec.HEAD + releases.bytes();
  }

  private void refuse(Operation operation, Refusal why) {
    if (operation instanceof Operation.Append append) {
      lastTold = append.sequence();
      Callbacks.refused(append, why);
    } else if (operation instanceof Operation.SaveState save) {
      state = save.state();
      stateUnsaved = true;
    } else if (operation instanceof Operation.Released released) {
      releases.addAll(released.ranges());
    } else if (operation instanceof Operation.Handing going) {
      Callbacks.ready(going, false);
    }
  }

  /** Writes what has been gathered; syncs it if anyone waits for that. */
  private void flush() {
    if (fits(0)) addReleases();
    if (batch.isEmpty()) return;
    IOException failure = writeBatch();
    if (failure != null && mustBeDurable()) {
      addReleases();
      Refusal why = rotate(batchBytes, batch.get(0));
      if (why == null) failure = writeBatch();
      else refusal = why;
    }
    List<Operation> done = batch;
    batch = new ArrayList<>();
    batchBytes = 0;
    if (failure == null) written(done);
    else refuseAll(done, failure);
  }

  // No append is told durable before the releases that were made before it.
  private void addReleases() {
    if (releases.isEmpty()) return;
    Operation.Released released = new Operation.Released(releases.pairs());
    releases.clear();
    batch.add(released);
    batchBytes += RecordCodec.size(released);
  }

  private boolean mustBeDurable() {
    for (Operation operation : batch) {
      if (!(operation instanceof Operation.Released) && !(operation instanceof Operation.Handed)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable IOException writeBatch() {
    Segment segment = active;
    if (segment == null || segment.file == null) throw new AssertionError("no active segment");
    try {
      int length = codec.encode(batch, (int) batchBytes, segment.header, segment.written);
      segment.file.write(segment.written, codec.buffer(), length);
      segment.written += length;
      if (mustBeDurable()) sync(segment);
      return null;
    } catch (IOException e) {
      log.warn("A journal's segment {} failed and is given up", segment.name, e);
      abandonActive();
      return e;
    }
  }

  private void sync(Segment segment) throws IOException {
    if (segment.file == null) throw new AssertionError("a segment that was given up");
    segment.file.sync();
    // Writing to a file that was deleted goes well.
    if (!files.exists(segment.name)) throw new NoSuchFileException(segment.name);
    segment.durable = segment.written;
  }

  private void written(List<Operation> done) {
    Segment segment = active;
    if (segment == null) throw new AssertionError("no active segment");
    for (Operation operation : done) {
      if (operation instanceof Operation.Append append) {
        boolean needed = releasedEarly.isEmpty() || !releasedEarly.contains(append.sequence());
        if (needed) live.put(append.sequence(), segment, RecordCodec.size(append));
      } else if (operation instanceof Operation.Copy copy) {
        live.put(copy.sequence(), segment, RecordCodec.size(copy));
      } else if (operation instanceof Operation.SaveState save) {
        state = save.state();
        stateUnsaved = false;
      } else if (operation instanceof Operation.Released released) {
        unsyncedReleases.addAll(released.ranges());
      }
    }
    if (segment.durable == segment.written) unsyncedReleases.clear();
    for (Operation operation : done) tellDurable(operation);
  }

  private void tellDurable(Operation operation) {
    if (operation instanceof Operation.Append append) {
      lastTold = append.sequence();
      Callbacks.durable(append);
    } else if (operation instanceof Operation.Handing going) {
      Callbacks.ready(going, true);
    }
  }

  private void refuseAll(List<Operation> operations, IOException failure) {
    // Whatever the second try failed at: the first may have left them on the disk.
    Refusal why =
        files.directoryExists()
            ? new Refusal(Reason.DISK_FAILED, "the disk of " + files + " failed", failure)
            : refusal(failure, 0);
    for (Operation operation : operations) refuse(operation, why);
    if (refusal == null) refusal = why;
  }

  private Refusal refusal(IOException failure, long needed) {
    if (!files.directoryExists()) {
      return new Refusal(
          Reason.DIRECTORY_GONE, "the directory " + files + " must exist but was deleted", failure);
    }
    if (files.isFull(failure, needed)) {
      String rule = "the disk of " + files + " must have " + needed + " bytes free but has not";
      return new Refusal(Reason.DISK_FULL, rule, failure);
    }
    return new Refusal(Reason.DISK_FAILED, "the disk of " + files + " failed", failure);
  }

  // ---- Segments

  private long emptySegment() {
    return (long) SegmentHeader.SIZE + (state == null ? 0 : RecordCodec.HEAD + state.length);
  }

  /** Begins a new segment with room for {@code size}. Returns why it cannot. */
  private @Nullable Refusal rotate(long size, Operation first) {
    deleteReleased();
    long bound = options.bytesForMessages();
    if (bytes + newLength(size) > bound && batch.isEmpty()) {
      copyForward(newLength(size));
      if (fits(size)) return null;
    }
    sealActive();
    long length = newLength(size);
    boolean message = first instanceof Operation.Append;
    if (bytes + length > (message ? bound : options.maxBytes())) {
      long then = bytes + length;
      String rule = "all segments must take at most " + bound + " bytes but would take " + then;
      return new Refusal(Reason.QUEUE_FULL, rule, null);
    }
    try {
      create((int) length);
      return null;
    } catch (IOException e) {
      log.warn("A journal in {} could not begin a segment", files, e);
      return refusal(e, length);
    }
  }

  private long newLength(long size) {
    return options.segmentLength(emptySegment() + size + releasesSize());
  }

  /** Syncs what was written without a sync, before the end of the segment is written down. */
  private void sealActive() {
    Segment segment = active;
    if (segment == null || segment.durable == segment.written) return;
    try {
      sync(segment);
      unsyncedReleases.clear();
    } catch (IOException e) {
      log.warn("A journal's segment {} failed and is given up", segment.name, e);
      abandonActive();
    }
  }

  private void abandonActive() {
    Segment segment = active;
    active = null;
    if (segment != null) segment.close();
    releases.addAll(unsyncedReleases);
    unsyncedReleases.clear();
  }

  private void create(int length) throws IOException {
    Segment previous = segments.peekLast();
    SegmentHeader header =
        new SegmentHeader(
            ++lastNumber,
            salts.getAsLong(),
            length,
            previous == null ? 0 : previous.header.number(),
            previous == null ? 0 : previous.durable,
            highestSequence + 1,
            handing,
            handedUpTo);
    Segment segment = new Segment(header, (int) emptySegment());
    String unfinished = segment.name + Segment.NEW;
    OpenFile file = files.create(unfinished);
    try {
      fill(file, header, length);
      file.sync();
      // From the rename on the end of the previous one may be written down.
      abandonActive();
      files.rename(unfinished, segment.name);
      files.syncDirectory();
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      deleteQuietly(unfinished);
      deleteQuietly(segment.name);
      throw e;
    }
    segment.file = file;
    active = segment;
    segments.addLast(segment);
    bytes += length;
    stateUnsaved = false;
  }

  // In pieces, for a segment may be large. They may reach the disk in any order: until the file has
  // been synced it has not got its name.
  private void fill(OpenFile file, SegmentHeader header, int length) throws IOException {
    byte[] piece = new byte[(int) Math.min(length, Math.max(PIECE, emptySegment()))];
    int used = begin(header, piece);
    file.write(0, piece, piece.length);
    Arrays.fill(piece, 0, used, (byte) 0);
    int position = piece.length;
    while (position < length) {
      int size = Math.min(piece.length, length - position);
      file.write(position, piece, size);
      position += size;
    }
  }

  /** Puts header and state. Returns their length. */
  private int begin(SegmentHeader header, byte[] into) {
    System.arraycopy(header.encode(), 0, into, 0, SegmentHeader.SIZE);
    byte[] known = state;
    if (known == null) return SegmentHeader.SIZE;
    List<Operation> first = List.of(new Operation.SaveState(known));
    int size = codec.encode(first, RecordCodec.HEAD + known.length, header, SegmentHeader.SIZE);
    System.arraycopy(codec.buffer(), 0, into, SegmentHeader.SIZE, size);
    return SegmentHeader.SIZE + size;
  }

  private void deleteQuietly(String name) {
    try {
      files.delete(name);
    } catch (IOException e) {
      log.debug("{} stays", name, e);
    }
  }

  /** Deletes the oldest segments, as long as no message in them is needed. */
  private void deleteReleased() {
    while (segments.size() > 1 && segments.getFirst().live == 0) {
      try {
        // Never the next one before this one is gone for certain.
        if (directoryUnsynced) files.syncDirectory();
        directoryUnsynced = false;
        files.delete(segments.getFirst().name);
        bytes -= segments.removeFirst().length;
        directoryUnsynced = true;
        files.syncDirectory();
        directoryUnsynced = false;
      } catch (IOException e) {
        log.debug("A segment that is not needed stays for now", e);
        return;
      }
    }
  }

  // ---- Copying forward

  /** Makes room for a segment of {@code length}, if few enough messages are in the way. */
  private void copyForward(long length) {
    if (copying || live.bytes() > options.maxBytes() / 2) return;
    Refusal before = refusal;
    copying = true;
    int most = segments.size();
    for (int i = 0; i < most && bytes + length > options.bytesForMessages(); i++) {
      if (segments.size() < 2 || !copyForward(segments.getFirst())) break;
      deleteReleased();
    }
    copying = false;
    refusal = before;
  }

  private boolean copyForward(Segment oldest) {
    byte[] content;
    try {
      content = files.read(oldest.name);
    } catch (IOException e) {
      log.warn("A journal's segment {} cannot be read", oldest.name, e);
      return false;
    }
    int position = SegmentHeader.SIZE;
    while (position < oldest.durable) {
      if (!codec.check(oldest.header, content, position, oldest.durable)) return false;
      Found record = RecordCodec.found(content, position);
      if (live.segmentOf(record.sequence()) == oldest && record.type() == RecordCodec.MESSAGE) {
        add(new Operation.Copy(record.sequence(), content, record.body(), record.length()));
      }
      position = record.end();
    }
    flush();
    return oldest.live == 0;
  }
}
