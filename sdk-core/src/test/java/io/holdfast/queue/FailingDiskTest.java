package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.SendQueue.Refusal;
import io.holdfast.queue.SimulatedDisk.Kept;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that is full, read-only, or fails: clear refusals, nothing lost, and on when it can. */
class FailingDiskTest {
  private static final int SEGMENT = 4_096;
  private static final JournalOptions OPTIONS = new JournalOptions(6 * SEGMENT, SEGMENT);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Answers answers = new Answers();
  private final Journal journal = new Journal(disk, OPTIONS, () -> 7);
  private final SendQueue queue = new JournalSendQueue(journal, Runnable::run);

  @BeforeEach
  void open() throws IOException {
    queue.open();
  }

  private void append(int bytes) {
    queue.append(new StoredMessage(Message.wrap(new byte[bytes]), SendOptions.DEFAULT, 0), answers);
  }

  private Recovered afterPowerCut() throws IOException {
    SimulatedDisk image = disk.crashed(Kept.NOTHING, new Random(1));
    return new Journal(image, OPTIONS, () -> 8).open().recovered();
  }

  private void expectReason(Refusal.Reason reason) {
    assertThat(answers.lastRefusal().reason()).isEqualTo(reason);
  }

  @Test
  void aFullDiskRefusesUntilItHasRoomAgain() throws IOException {
    append(3_000);
    disk.freeBytes = 100;

    append(3_000);
    expectReason(Refusal.Reason.DISK_FULL);
    assertThat(answers.lastRefusal().message()).contains("must have 4096 bytes free");
    // What fits into the segment that is there needs no room.
    append(500);

    disk.freeBytes = Long.MAX_VALUE;
    append(3_000);
    assertThat(answers.inOrder)
        .containsExactly("durable 1", "DISK_FULL 2", "durable 3", "durable 4");
    assertThat(afterPowerCut().messages())
        .extracting(Recovered.Kept::sequence)
        .containsExactly(1L, 3L, 4L);
    assertThat(disk.contents().keySet()).noneMatch(name -> name.endsWith(Segment.NEW));
  }

  @Test
  void aFailedSyncIsNotTriedAgainOnThatSegment() throws IOException {
    append(10);
    disk.failingSyncs = true;
    append(20);
    expectReason(Refusal.Reason.DISK_FAILED);
    disk.failingSyncs = false;

    append(30);

    assertThat(answers.durable).containsExactly(1L, 3L);
    // The disk keeps of the failed group what it likes; nobody finds it.
    for (Kept kept : Kept.values()) {
      SimulatedDisk image = disk.crashed(kept, new Random(5));
      Recovered recovered = new Journal(image, OPTIONS, () -> 9).open().recovered();
      assertThat(recovered.messages()).extracting(Recovered.Kept::sequence).containsExactly(1L, 3L);
    }
  }

  @Test
  void aSyncThatFailsOnceIsMadeGoodInANewSegment() throws IOException {
    append(10);
    disk.step =
        () -> {
          // The next step is that of the new segment.
          disk.failingSyncs = disk.contents().size() < 2;
        };
    append(20);

    assertThat(answers.durable).containsExactly(1L, 2L);
    assertThat(disk.contents()).hasSize(2);
    assertThat(afterPowerCut().messages()).hasSize(2);
  }

  @Test
  void aSegmentWhoseSyncFailedOnceIsNeitherWrittenNorSyncedAgain() throws IOException {
    append(10);
    disk.failNextSync = true;
    append(20);
    append(30);

    assertThat(answers.durable).containsExactly(1L, 2L, 3L);
    for (Kept kept : Kept.values()) {
      SimulatedDisk image = disk.crashed(kept, new Random(5));
      Recovered recovered = new Journal(image, OPTIONS, () -> 9).open().recovered();
      assertThat(recovered.messages()).hasSize(3);
      assertThat(recovered.unreadable()).isEmpty();
    }
  }

  @Test
  void whatTheNextLifeFindsAfterAFailedSyncIsOnDisk() throws IOException {
    append(10);
    disk.failingSyncs = true;
    append(20);
    expectReason(Refusal.Reason.DISK_FAILED);
    disk.failingSyncs = false;
    disk.killed();

    // The failed group can be read, though no sync will ever write it.
    assertThat(new Journal(disk, OPTIONS, () -> 8).open().recovered().messages()).hasSize(2);

    assertThat(afterPowerCut().messages()).hasSize(2);
  }

  @Test
  void aFailingDiskLosesNoReleaseThatItStillCanWrite() throws IOException {
    append(10);
    append(10);
    queue.release(1);
    disk.failingSyncs = true;
    append(20);
    disk.failingSyncs = false;
    append(30);

    assertThat(afterPowerCut().messages())
        .extracting(Recovered.Kept::sequence)
        .containsExactly(2L, 4L);
  }

  @Test
  void aReadOnlyDirectoryIsRefusedAtOnceAndLater() throws IOException {
    SimulatedDisk readOnly = new SimulatedDisk();
    readOnly.readOnly = true;
    assertThatThrownBy(() -> new Journal(readOnly, OPTIONS, () -> 1).open())
        .isInstanceOf(IOException.class);

    disk.readOnly = true;
    append(10);
    expectReason(Refusal.Reason.DISK_FAILED);
    disk.readOnly = false;
    append(10);
    assertThat(answers.durable).containsExactly(2L);
  }

  @Test
  void oneMessageThatStaysDoesNotKeepTheRest() throws IOException {
    append(1_500);
    for (int i = 0; i < 100; i++) {
      append(1_500);
      queue.release(i + 2);
    }

    assertThat(answers.refusals).isEmpty();
    assertThat(queue.usage().bytes()).isLessThanOrEqualTo(OPTIONS.maxBytes());
    // The last release was not synced yet.
    assertThat(afterPowerCut().messages())
        .extracting(Recovered.Kept::sequence)
        .containsExactly(1L, 101L);
  }

  @Test
  void aMessageThatIsReleasedBeforeItIsWrittenTakesNoPlace() throws IOException {
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    Journal later = new Journal(new SimulatedDisk(), OPTIONS, () -> 7);
    SendQueue queue = new JournalSendQueue(later, tasks::add);
    queue.open();
    StoredMessage message = new StoredMessage(Message.wrap(new byte[10]), SendOptions.DEFAULT, 0);
    queue.release(queue.append(message, answers));
    queue.append(message, answers);
    while (!tasks.isEmpty()) tasks.remove().run();

    assertThat(answers.durable).containsExactly(1L, 2L);
    assertThat(queue.usage().messages()).isEqualTo(1);
  }

  @Test
  void livesWithLittleToDoTakeNoMoreDisk() throws IOException {
    append(10);
    for (int i = 0; i < 20; i++) {
      queue.close(() -> {});
      assertThat(queue.open().messages()).hasSize(i + 1);
      append(10);
    }

    assertThat(disk.contents()).hasSize(1);
  }

  @Test
  void aMessageThatIsLargerThanASegmentGetsOneOfItsSize() throws IOException {
    append(10_000);
    append(10);

    assertThat(answers.durable).hasSize(2);
    assertThat(afterPowerCut().messages()).hasSize(2);
    assertThat(disk.contents().values()).anyMatch(bytes -> bytes.length > 10_000);
  }

  @Test
  void aMessageThatFindsNoRoomTakesNoneFromTheReleasesBesideIt() throws IOException {
    // At some of these sizes nothing more fits into the last segment, not even a release.
    for (int size = 1_200; size < 1_400; size++) {
      assertThat(leftOfAFullJournal(size)).as("messages of %d bytes", size).doesNotContain(1L);
    }
  }

  private static List<Long> leftOfAFullJournal(int size) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    SendQueue queue = new JournalSendQueue(new Journal(disk, OPTIONS, () -> 7), tasks::add);
    queue.open();
    StoredMessage message = new StoredMessage(Message.wrap(new byte[size]), SendOptions.DEFAULT, 0);
    Answers answers = new Answers();
    for (int i = 0; i < 30; i++) queue.append(message, answers);
    runAll(tasks);

    // All in one group.
    queue.release(1);
    queue.append(message, answers);
    queue.close(() -> {});
    runAll(tasks);

    expectFull(answers);
    return new Journal(disk, OPTIONS, () -> 8)
        .open().recovered().messages().stream().map(Recovered.Kept::sequence).toList();
  }

  private static void runAll(ArrayDeque<Runnable> tasks) {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
  }

  private static void expectFull(Answers answers) {
    assertThat(answers.lastRefusal().reason()).isEqualTo(Refusal.Reason.QUEUE_FULL);
  }
}
