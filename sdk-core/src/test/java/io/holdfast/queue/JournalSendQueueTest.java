package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on a real disk. */
class JournalSendQueueTest extends SendQueueContract {
  @TempDir Path temporary;
  private int directories;
  private final ArrayDeque<SendQueue> made = new ArrayDeque<>();

  @Override
  SendQueue newQueue() {
    return at(temporary.resolve("queue-" + ++directories));
  }

  private SendQueue at(Path directory) {
    SendQueue queue = builder(directory).build();
    made.add(queue);
    return queue;
  }

  private static JournalSendQueue.Builder builder(Path directory) {
    return JournalSendQueue.builder(directory, Runnable::run)
        .maxBytes(MAX_BYTES)
        .segmentBytes(4_096);
  }

  private Path directory() {
    return temporary.resolve("queue-1");
  }

  @Override
  SendQueue reborn(SendQueue closed) {
    return at(directory());
  }

  @AfterEach
  void closeAll() {
    for (SendQueue queue : made) {
      try {
        queue.close(() -> {});
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("NEW");
      }
    }
  }

  @Test
  void aSecondOpenerIsToldWhoHasTheDirectory() throws IOException {
    SendQueue second = at(directory());

    assertThatThrownBy(second::open)
        .isInstanceOf(QueueInUseException.class)
        .hasMessage("the directory " + directory() + " is in use by another queue of this process");
    made.getFirst().close(() -> {});
    assertThat(second.open().messages()).isEmpty();
  }

  @Test
  void aSecondOpenerByAnotherNameIsFoundOut() throws IOException {
    Path other = Files.createSymbolicLink(temporary.resolve("other"), directory());

    assertThatThrownBy(at(other)::open).isInstanceOf(QueueInUseException.class);
  }

  @Test
  void aForeignLockIsRespectedAndNothingIsLeftLocked() throws IOException {
    Path own = temporary.resolve("own");
    Files.createDirectories(own);
    Path lock = own.resolve(DirectoryFiles.LOCK);
    SendQueue queue = at(own);
    try (FileChannel file =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(file.lock().isValid()).isTrue();
      assertThatThrownBy(queue::open).isInstanceOf(QueueInUseException.class);
    }
    assertThat(queue.open().messages()).isEmpty();
  }

  @Test
  void onlyTheOwnerCanReadTheFiles() throws IOException {
    assumeTrue(temporary.getFileSystem().supportedFileAttributeViews().contains("posix"));
    made.getFirst().append(text("a"), answers);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(directory())) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(2);
      for (Path file : all) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aDeletedDirectoryIsNoticedBeforeAnythingIsToldDurable() throws IOException {
    SendQueue queue = made.getFirst();
    queue.append(text("a"), answers);
    deleteDirectory();

    queue.append(text("b"), answers);
    queue.append(text("c"), answers);

    assertThat(answers.durable).hasSize(1);
    assertThat(answers.refusals)
        .extracting(SendQueue.Refusal::reason)
        .containsOnly(SendQueue.Refusal.Reason.DIRECTORY_GONE);
    assertThat(answers.lastRefusal().message()).contains(directory().toString());
    // Another directory of that name is not the one that is locked.
    Files.createDirectories(directory());
    Files.createFile(directory().resolve(DirectoryFiles.LOCK));
    queue.append(text("d"), answers);
    assertThat(answers.durable).hasSize(1);
    queue.close(() -> {});
    assertThat(queue.open().messages()).isEmpty();
    queue.append(text("e"), answers);
    assertThat(answers.durable).hasSize(2);
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      for (Path file : files.toList()) Files.delete(file);
    }
    Files.delete(directory());
  }

  @Test
  void aPlaceThatIsNoDirectoryIsRefused() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));

    assertThatThrownBy(at(file)::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void anInterruptDoesNotHarmTheFiles() throws IOException {
    Thread.currentThread().interrupt();

    made.getFirst().append(text("a"), answers);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answers.durable).hasSize(1);
  }

  @Test
  void anExecutorThatRefusesIsToldToTheCallerAndMadeGoodLater() throws IOException {
    boolean[] refusing = {false};
    SendQueue queue =
        JournalSendQueue.builder(
                temporary.resolve("refusing"),
                task -> {
                  if (refusing[0]) throw new RejectedExecutionException("full");
                  task.run();
                })
            .build();
    queue.open();
    refusing[0] = true;
    assertThatThrownBy(() -> queue.append(text("a"), answers))
        .isInstanceOf(RejectedExecutionException.class);
    refusing[0] = false;

    queue.append(text("b"), answers);

    assertThat(answers.durable).hasSize(2);
    queue.close(() -> {});
  }

  @Test
  void boundsAreChecked() {
    assertThatThrownBy(() -> builder(temporary).segmentBytes(4_095).build())
        .hasMessage("segmentBytes must be from 4096 to 67108864 but was 4095");
    assertThatThrownBy(() -> builder(temporary).maxBytes(16_383).build())
        .hasMessage("maxBytes must be at least 16384, which is 4 segments, but was 16383");
  }
}
