package io.holdfast.simulation.mutation;

import java.util.List;

/** What reaches the disk, in which order, and who is told of it. */
final class JournalWritingBugs {
  private static final SourceFile JOURNAL = SourceFile.queue("writing", "Journal");
  private static final SourceFile GROUPS = SourceFile.queue("groups", "GroupCommit");
  private static final SourceFile CALLBACKS = SourceFile.queue("groups", "Callbacks");
  private static final SourceFile DIRECTORY = SourceFile.queue("directory", "DirectoryFiles");

  private JournalWritingBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        JOURNAL.bug(
            "group not synced",
            "Messages are told durable that are only written.",
            "if (mustBeDurable()) sync(segment);",
            ""),
        JOURNAL.bug(
            "sync before the write",
            "A sync covers the group before.",
            "segment.file.write(segment.written, codec.buffer(), length);"
                + " segment.written += length; if (mustBeDurable()) sync(segment);",
            "segment.written += length; if (mustBeDurable()) sync(segment);"
                + " segment.file.write(segment.written - length, codec.buffer(), length);"),
        JOURNAL.bug(
            "failed sync tried again",
            "The second sync of a segment says that all is well.",
            "abandonActive(); return e;",
            "try { segment.file.sync(); segment.durable = segment.written; return null; }"
                + " catch (IOException again) { abandonActive(); return again; }"),
        JOURNAL.bug(
            "failed segment written on",
            "What comes after a failed sync goes to the same segment.",
            "abandonActive(); return e;",
            "return e;"),
        JOURNAL.bug(
            "handing not synced",
            "Messages are handed to a transport before the disk knows.",
            "&& !(operation instanceof Operation.Handed)) {",
            "&& !(operation instanceof Operation.Handed)"
                + " && !(operation instanceof Operation.Handing)) {"),
        JOURNAL.bug(
            "copy not synced",
            "The old segment goes before what was copied out of it is on disk.",
            "&& !(operation instanceof Operation.Handed)) {",
            "&& !(operation instanceof Operation.Handed)"
                + " && !(operation instanceof Operation.Copy)) {"),
        JOURNAL.bug(
            "segment named before it is synced",
            "A crash leaves a segment without its header.",
            "fill(file, header, length); file.sync();",
            "fill(file, header, length);"),
        JOURNAL.bug(
            "name of a segment not synced",
            "A crash takes a segment that was written to.",
            "files.rename(unfinished, segment.name); files.syncDirectory();",
            "files.rename(unfinished, segment.name);"),
        JOURNAL.bug(
            "segment written under its name",
            "A crash leaves a segment that is half made.",
            "String unfinished = segment.name + Segment.NEW;",
            "String unfinished = segment.name;"),
        JOURNAL.bug(
            "segment deleted too early",
            "One that still has a message is deleted.",
            "segments.getFirst().live == 0) {",
            "segments.getFirst().live <= 1) {"),
        JOURNAL.bug(
            "newest segment deleted",
            "With it goes the sequence that comes next.",
            "while (segments.size() > 1 && segments",
            "while (segments.size() > 0 && segments"),
        JOURNAL.bug(
            "deletes not synced in turn",
            "A crash takes back the delete of the older of two segments alone.",
            "directoryUnsynced = true; files.syncDirectory();",
            ""),
        JOURNAL.bug(
            "segment ends where it was written",
            "What a failed sync left counts in the next life.",
            "previous == null ? 0 : previous.durable,",
            "previous == null ? 0 : previous.written,"),
        JOURNAL.bug(
            "segment sealed without a sync",
            "Its end is written down before all of it is on disk.",
            "try { sync(segment); unsyncedReleases.clear();",
            "try { segment.durable = segment.written;"
                + " if (segment.written < 0) throw new IOException(); unsyncedReleases.clear();"),
        JOURNAL.bug(
            "sequence forgotten with its segment",
            "A sequence is given twice.",
            "highestSequence + 1, handing,",
            "1, handing,"),
        JOURNAL.bug(
            "handing forgotten with its segment",
            "A message that a transport had is told as never handed.",
            "highestSequence + 1, handing, handedUpTo);",
            "highestSequence + 1, false, 0);"),
        JOURNAL.bug(
            "state forgotten with its segment",
            "The protocol's state is lost once its segment is deleted.",
            "if (known == null) return SegmentHeader.SIZE;",
            "if (known == null || known.length >= 0) return SegmentHeader.SIZE;"),
        JOURNAL.bug(
            "bound not held",
            "Segments take more of the disk than they may.",
            "if (bytes + length > (message ? bound : options.maxBytes())) {",
            "if (bytes + length > Long.MAX_VALUE - 1) {"),
        JOURNAL.bug(
            "no room kept for releases",
            "A full journal cannot release.",
            "return active != null && active.fits(batchBytes + size + releasesSize());",
            "return active != null && active.fits(batchBytes + size);"),
        JOURNAL.bug(
            "releases lost with a failed segment",
            "What was released comes again.",
            "releases.addAll(unsyncedReleases);",
            ""),
        JOURNAL.bug(
            "release before its message ignored",
            "A message that was released at once keeps its segment for ever.",
            "if (coming) releasedEarly.add(sequence);",
            ""),
        JOURNAL.bug(
            "nothing copied forward",
            "One message that waits keeps all that came after it.",
            "if (copying || live.bytes() > options.maxBytes() / 2) return;",
            "if (live.bytes() >= 0) return;"),
        JOURNAL.bug(
            "deleted file not noticed",
            "Messages are told durable in a file that is gone.",
            "if (!files.exists(segment.name)) throw new NoSuchFileException(segment.name);",
            ""),
        JOURNAL.bug(
            "lock kept after a failed open",
            "Nobody can open the journal again.",
            "files.unlock(); throw e;",
            "throw e;"),
        GROUPS.bug(
            "leader forgets its followers",
            "What came during a sync waits for ever.",
            "for (List<Operation> group = nextGroup(); !group.isEmpty(); group = nextGroup()) {",
            "List<Operation> group = nextGroup(); if (!group.isEmpty()) {"),
        GROUPS.bug(
            "two leaders",
            "Whoever appends during a sync starts another leader.",
            "leading = !group.isEmpty();",
            "leading = false;"),
        GROUPS.bug(
            "written after the close",
            "A closed journal is written to.",
            "if (storeClosed) refuse(group); else commit(group, closed);",
            "commit(group, closed);"),
        GROUPS.bug(
            "refused without a word",
            "What comes after the close has no fate.",
            "if (operation instanceof Operation.Append append)"
                + " Callbacks.refused(append, CLOSED); else if",
            "if"),
        GROUPS.bug(
            "interrupt reaches the disk",
            "An interrupted thread closes the file that it writes to.",
            "boolean interrupted = Thread.interrupted();",
            "boolean interrupted = false;"),
        GROUPS.bug(
            "closed told too early",
            "Whoever hears it finds the journal in use.",
            "store.close(); storeClosed = true; set(Life.CLOSED); closed.add(close.closed());",
            "Callbacks.run(close.closed()); store.close(); storeClosed = true; set(Life.CLOSED);"),
        CALLBACKS.bug(
            "callback that throws stops the leader",
            "One listener's mistake ends the journal.",
            "catch (Throwable e) {",
            "catch (IllegalStateException e) {"),
        DIRECTORY.bug(
            "file not synced",
            "Nothing of a segment is sure to be on disk.",
            "channel.force(false);",
            ""),
        DIRECTORY.bug(
            "directory not synced",
            "No segment's name is sure to be on disk.",
            "entries.force(true);",
            ""),
        DIRECTORY.bug(
            "lock not taken",
            "Two processes write to one journal.",
            "FileLock lock = file.tryLock(); if (lock == null) throw inUse(\"another process\");",
            ""),
        DIRECTORY.bug(
            "files readable by all",
            "Another user reads the messages.",
            "new HashSet<OpenOption>(options), ownerOnly(\"rw-------\"));",
            "new HashSet<OpenOption>(options));"),
        DIRECTORY.bug(
            "directory readable by all",
            "Another user lists the segments.",
            "Files.createDirectories(directory, ownerOnly(\"rwx------\"));",
            "Files.createDirectories(directory);"),
        DIRECTORY.bug(
            "another directory of that name",
            "Segments go to a directory that nobody has locked.",
            "return Objects.equals(identity, identity());",
            "return identity() != null || identity == null;"));
  }
}
