package io.holdfast.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.Recovered.Kept;
import io.holdfast.queue.Recovered.Unreadable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A small journal, torn at every byte, and with every byte flipped. */
class DamageTest {
  private static final int SEGMENT = 4_096;
  private static final JournalOptions OPTIONS = new JournalOptions(8 * SEGMENT, SEGMENT);
  private static final int MESSAGES = 24;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Answers answers = new Answers();
  // Where each message's record ends: the segment's name, and the offset.
  private final TreeMap<Long, StoredMessage> sent = new TreeMap<>();
  private final Map<Long, String> segmentOf = new HashMap<>();
  private final Map<Long, Integer> endOf = new HashMap<>();
  private Map<String, byte[]> files = new HashMap<>();

  // Three segments; the oldest message of each is released, and there is a state.
  @BeforeEach
  void fillJournal() throws IOException {
    SendQueue queue = queue(disk);
    queue.open();
    queue.saveState(new byte[] {1, 2, 3});
    for (int i = 0; i < MESSAGES; i++) {
      byte[] payload = new byte[400];
      Arrays.fill(payload, (byte) (i + 1));
      StoredMessage message =
          new StoredMessage(
              Message.wrap(payload), SendOptions.DEFAULT.withMetadata(Map.of("n", "" + i)), i);
      sent.put(queue.append(message, answers), message);
      if (i % 8 == 7) queue.handing(onDisk -> {});
    }
    queue.close(() -> {});
    files = disk.contents();
    for (Map.Entry<String, byte[]> file : files.entrySet()) locate(file.getKey(), file.getValue());
    assertThat(files).hasSize(3);
    assertThat(endOf).hasSize(MESSAGES);
  }

  private static SendQueue queue(DiskFiles disk) {
    return new JournalSendQueue(new Journal(disk, OPTIONS, () -> 77), Runnable::run);
  }

  private void locate(String name, byte[] bytes) throws IOException {
    SegmentHeader header = SegmentHeader.decode(bytes);
    if (header == null) throw new AssertionError(name);
    RecordCodec codec = new RecordCodec();
    int position = SegmentHeader.SIZE;
    while (codec.check(header, bytes, position, bytes.length)) {
      RecordCodec.Found record = RecordCodec.found(bytes, position);
      position = record.end();
      if (record.type() != RecordCodec.MESSAGE) continue;
      segmentOf.put(record.sequence(), name);
      endOf.put(record.sequence(), position);
    }
  }

  /** Opens the journal with one file replaced, and checks what must be found whatever happened. */
  private Recovered open(String name, byte[] bytes, int firstBadByte) throws IOException {
    Map<String, byte[]> damaged = new HashMap<>(files);
    damaged.put(name, bytes);
    SimulatedDisk disk = SimulatedDisk.of(damaged);
    SendQueue queue = queue(disk);
    Recovered recovered = queue.open();
    TreeMap<Long, StoredMessage> expected = new TreeMap<>(sent);
    expected
        .keySet()
        .removeIf(
            sequence ->
                name.equals(segmentOf.get(sequence))
                    && (firstBadByte < SegmentHeader.SIZE
                        || endOf.getOrDefault(sequence, 0) > firstBadByte));
    assertThat(found(recovered)).as("%s from byte %s", name, firstBadByte).isEqualTo(expected);
    checkThatLifeGoesOn(queue, disk, recovered);
    return recovered;
  }

  private void checkThatLifeGoesOn(SendQueue queue, SimulatedDisk disk, Recovered recovered)
      throws IOException {
    long next = queue.append(SendQueueContract.text("next"), answers);
    assertThat(next).isGreaterThan(MESSAGES);
    queue.close(() -> {});
    Recovered again = queue(disk).open();
    assertThat(again.messages()).hasSize(recovered.messages().size() + 1);
    // What is damaged is told once.
    assertThat(again.unreadable()).isEmpty();
    for (Unreadable unreadable : recovered.unreadable()) {
      assertThat(disk.contents()).containsKey(unreadable.file());
    }
  }

  private byte[] file(String name) {
    return requireNonNull(files.get(name)).clone();
  }

  private static Map<Long, StoredMessage> found(Recovered recovered) {
    TreeMap<Long, StoredMessage> found = new TreeMap<>();
    long last = 0;
    for (Kept kept : recovered.messages()) {
      assertThat(kept.sequence()).isGreaterThan(last);
      last = kept.sequence();
      found.put(last, kept.message());
    }
    return found;
  }

  @Test
  void tornAtEveryByteTheWholeRecordsBeforeItAreFound() throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      for (int length = 0; length < file.getValue().length; length++) {
        open(file.getKey(), Arrays.copyOf(file.getValue(), length), length);
      }
    }
  }

  @Test
  void withAnyByteFlippedNothingThatFailsItsCheckIsFoundAndTheRestIs() throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      int end = lastByte(file.getValue());
      for (int at = 0; at < end; at++) {
        byte[] bytes = file.getValue().clone();
        bytes[at] ^= (byte) (1 << (at % 8));
        Recovered recovered = open(file.getKey(), bytes, at);
        assertThat(recovered.unreadable()).as("byte %s", at).isNotEmpty();
        assertThat(recovered.messages()).allMatch(Kept::mayHaveBeenHanded);
      }
    }
  }

  private static int lastByte(byte[] bytes) {
    int end = bytes.length;
    while (bytes[end - 1] == 0) end--;
    return end;
  }

  @Test
  void garbageBehindTheEndOfAnOlderSegmentIsNeitherReadNorTold() throws IOException {
    String oldest = "segment-0000000000000001";
    byte[] bytes = file(oldest);
    Arrays.fill(bytes, lastByte(bytes), bytes.length, (byte) 0x55);

    assertThat(open(oldest, bytes, bytes.length).unreadable()).isEmpty();
  }

  @Test
  void aWholeRecordOfAnotherPlaceOrSegmentFailsItsCheck() throws IOException {
    String newest = "segment-0000000000000003";
    byte[] bytes = file(newest);
    int end = lastByte(bytes) + 8;
    int from = SegmentHeader.SIZE;
    byte[] other = file("segment-0000000000000002");
    System.arraycopy(other, from, bytes, end, bytes.length - end);
    open(newest, bytes, end);

    byte[] repeated = file(newest);
    System.arraycopy(repeated, from, repeated, end - 8, repeated.length - end);
    assertThat(open(newest, repeated, end - 8).unreadable())
        .extracting(Unreadable::offset)
        .containsExactly(end - 8L);

    byte[] swapped = file(newest);
    System.arraycopy(other, from, swapped, from, lastByte(other) - from);
    open(newest, swapped, from);
  }

  @Test
  void aSegmentOfAnotherLifeOrUnderAnothersNameIsNotRead() throws IOException {
    SimulatedDisk other = new SimulatedDisk();
    SendQueue queue = new JournalSendQueue(new Journal(other, OPTIONS, () -> 78), Runnable::run);
    queue.open();
    queue.saveState(new byte[] {1, 2, 3});
    for (StoredMessage message : sent.values()) queue.append(message, answers);
    queue.close(() -> {});
    String oldest = "segment-0000000000000001";
    byte[] bytes = file(oldest);
    byte[] ofOther = requireNonNull(other.contents().get(oldest));
    int from = SegmentHeader.SIZE;
    System.arraycopy(ofOther, from, bytes, from, bytes.length - from);
    assertThat(open(oldest, bytes, from).unreadable()).hasSize(1);

    assertThat(open(oldest, file("segment-0000000000000002"), 0).unreadable()).hasSize(1);
  }

  @Test
  void aMissingSegmentIsTold() throws IOException {
    Map<String, byte[]> less = new HashMap<>(files);
    less.remove("segment-0000000000000002");

    Recovered recovered = queue(SimulatedDisk.of(less)).open();

    assertThat(recovered.unreadable())
        .extracting(Unreadable::reason)
        .containsExactly("damaged: segment-0000000000000002 is missing");
    assertThat(recovered.messages()).hasSizeLessThan(MESSAGES).allMatch(Kept::mayHaveBeenHanded);
  }

  @Test
  void whatCannotBeReadMayHaveSaidThatMessagesWereHanded() throws IOException {
    SimulatedDisk unhanded = new SimulatedDisk();
    SendQueue queue = queue(unhanded);
    queue.open();
    for (StoredMessage message : sent.values()) queue.append(message, answers);
    queue.close(() -> {});
    Map<String, byte[]> whole = unhanded.contents();
    Map<String, byte[]> less = new HashMap<>(whole);
    less.remove("segment-0000000000000002");

    assertThat(queue(SimulatedDisk.of(whole)).open().messages())
        .hasSize(MESSAGES)
        .noneMatch(Kept::mayHaveBeenHanded);
    assertThat(queue(SimulatedDisk.of(less)).open().messages())
        .isNotEmpty()
        .allMatch(Kept::mayHaveBeenHanded);
  }

  @Test
  void aNewerVersionIsLeftAlone() {
    byte[] bytes = file("segment-0000000000000003");
    ByteBuffer.wrap(bytes).putInt(8, 2);
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, 12);
    crc.update(bytes, 16, SegmentHeader.SIZE - 16);
    ByteBuffer.wrap(bytes).putInt(12, (int) crc.getValue());
    Map<String, byte[]> newer = new HashMap<>(files);
    newer.put("segment-0000000000000003", bytes);
    SimulatedDisk disk = SimulatedDisk.of(newer);

    assertThatThrownBy(queue(disk)::open).hasMessage("the journal's version must be 1 but was 2");
    assertThat(disk.contents().get("segment-0000000000000003")).isEqualTo(bytes);
    // And the lock is free again.
    assertThatThrownBy(queue(disk)::open).isNotInstanceOf(QueueInUseException.class);
  }

  @Test
  void foreignFilesAreNotTouched() throws IOException {
    Map<String, byte[]> more = new HashMap<>(files);
    for (String name : List.of("notes.txt", "segment-1", "unreadable-x")) {
      more.put(name, new byte[] {1});
    }
    // That one is ours, and was never finished.
    String halfMade = Segment.name(9) + Segment.NEW;
    more.put(halfMade, new byte[] {1});
    SimulatedDisk disk = SimulatedDisk.of(more);

    assertThat(queue(disk).open().messages()).hasSize(MESSAGES);
    assertThat(disk.contents()).doesNotContainKey(halfMade);
    assertThat(disk.contents()).containsKeys("notes.txt", "segment-1", "unreadable-x");
  }
}
