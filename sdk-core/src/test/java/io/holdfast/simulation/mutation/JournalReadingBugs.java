package io.holdfast.simulation.mutation;

import java.util.List;

/** What the next life makes of what it finds. */
final class JournalReadingBugs {
  private static final SourceFile RECOVERY = SourceFile.queue("recovery", "Recovery");
  private static final SourceFile LEFTOVERS = SourceFile.queue("recovery", "Leftovers");
  private static final SourceFile RECORDS = SourceFile.queue("checks", "RecordCodec");
  private static final SourceFile HEADER = SourceFile.queue("checks", "SegmentHeader");
  private static final SourceFile MESSAGES = SourceFile.queue("checks", "MessageCodec");

  private JournalReadingBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        RECOVERY.bug(
            "torn tail written over",
            "New records follow what is left of a torn one.",
            "|| leftovers.any()) return;",
            ") return;"),
        RECOVERY.bug(
            "said end not heeded",
            "What lies behind the end of an older segment is read.",
            "int end = known == null ? bytes.length : Math.min(known, bytes.length);",
            "int end = bytes.length;"),
        RECOVERY.bug(
            "killed life's end not synced",
            "What was found is lost by a power cut in the next life.",
            "if (known == null) makeDurable(segment, bytes);",
            ""),
        RECOVERY.bug(
            "killed life's end synced, not written",
            "A sync that failed before says that all is well.",
            "file.write(0, bytes, segment.durable);",
            ""),
        RECOVERY.bug(
            "names not synced",
            "A segment's name is taken back by a power cut in the next life.",
            "files.syncDirectory(); List<String> names",
            "List<String> names"),
        RECOVERY.bug(
            "missing segment not told",
            "Messages are gone, and nobody hears of it.",
            "if (number < previousNumber) leftovers.missing(previousNumber);",
            ""),
        RECOVERY.bug(
            "segment under another's number",
            "A file that was renamed is read in the wrong place.",
            "if (header == null || header.number() != number) {",
            "if (header == null) {"),
        RECOVERY.bug(
            "copies found twice",
            "A message that was copied forward is delivered twice.",
            "if (message.sequence() != last) newest.add(message);",
            "newest.add(message);"),
        RECOVERY.bug(
            "released messages found",
            "What has its fate comes again.",
            "if (released.contains(record.sequence())) return;",
            ""),
        RECOVERY.bug(
            "sequences in damage given again",
            "A new message has the sequence of one that cannot be read.",
            "highestSequence += leftovers.mostRecords();",
            ""),
        RECOVERY.bug(
            "oldest segment knows about handing",
            "A message that a transport had is told as never handed.",
            "if (newest) handing = handingThen;",
            "handing = handingThen;"),
        RECOVERY.bug(
            "handing unknown after damage",
            "What cannot be read may have said it.",
            "boolean all = handing || leftovers.any();",
            "boolean all = handing;"),
        RECOVERY.bug(
            "oldest state found",
            "The protocol goes back in time.",
            "if (state == null) state = stateThen;",
            "if (stateThen != null) state = stateThen;"),
        RECOVERY.bug(
            "half-made segments stay",
            "Files that nobody reads fill the disk.",
            "if (name.endsWith(Segment.NEW)) files.delete(name); else if",
            "if"),
        LEFTOVERS.bug(
            "torn tail not kept",
            "Bytes that fail their check are lost to whoever looks for them.",
            "if (end > from) keep(",
            "if (end < from) keep("),
        LEFTOVERS.bug(
            "damage told in each life",
            "What was told once is told again.",
            "if (!names.add(name)) return;",
            "names.add(name);"),
        LEFTOVERS.bug(
            "damaged segment stays in place",
            "It is set aside in name only.",
            "files.rename(Segment.name(number), name); files.syncDirectory();",
            ""),
        RECORDS.bug(
            "length not checked",
            "A length of chance leads out of the segment.",
            "&& length <= end - position - HEAD",
            ""),
        RECORDS.bug(
            "negative length",
            "A length of chance leads back.",
            "return length >= 0 && length",
            "return length"),
        RECORDS.bug(
            "check without the body",
            "A torn message is delivered.",
            "crc.update(bytes, start + HEAD, length);",
            ""),
        RECORDS.bug(
            "check without the last byte",
            "A message may end in anything.",
            "crc.update(bytes, start + HEAD, length);",
            "crc.update(bytes, start + HEAD, Math.max(0, length - 1));"),
        RECORDS.bug(
            "check without the head",
            "A message is delivered with another's sequence.",
            "crc.update(bytes, start, CRC_AT);",
            ""),
        RECORDS.bug(
            "check without the salt",
            "What another life left in that place is delivered.",
            ".putLong(segment.salt())",
            ".putLong(0)"),
        RECORDS.bug(
            "check without the segment",
            "What another segment has in that place is delivered.",
            ".putLong(segment.number())",
            ".putLong(0)"),
        RECORDS.bug(
            "check without the place",
            "A record is delivered where it does not belong.",
            ".putInt(position); crc.reset();",
            ".putInt(0); crc.reset();"),
        HEADER.bug(
            "header not checked",
            "A torn header is believed.",
            "in.getInt() != crc(bytes)",
            "(in.getInt() & 0) != 0"),
        HEADER.bug(
            "header's end not checked",
            "Sequences are given again.",
            "crc.update(bytes, CRC_AT + 4, SIZE - CRC_AT - 4);",
            "crc.update(bytes, CRC_AT + 4, SIZE - CRC_AT - 20);"),
        HEADER.bug(
            "newer version read",
            "A journal of a later version is taken for one of this.",
            "if (version != VERSION) {",
            "if (version < VERSION) {"),
        MESSAGES.bug(
            "time to live begins anew",
            "An expired message goes out in the next life.",
            "Math.max(1, expiresAtMillis - acceptedAtMillis)",
            "Math.max(1, expiresAtMillis - acceptedAtMillis / 2)"),
        MESSAGES.bug(
            "at most once forgotten",
            "A message that forbids a resend is sent again.",
            "(flags & AT_MOST_ONCE) != 0,",
            "false,"));
  }
}
