package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the journal on the disk of the temporary directory, with records of 256 bytes: appends a
 * second alone, with 64 in flight and with 8,192, each with its syncs; and how long it takes to
 * read 100,000 of them. It prints, and asserts nothing of speed:
 *
 * <pre>
 * mvn -q -pl sdk-testkit,sdk-core test -Dtest=JournalMeasurementTest \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.journal=true
 * </pre>
 *
 * {@code -Djava.io.tmpdir=} names another disk.
 */
@EnabledIfSystemProperty(named = "holdfast.journal", matches = "true")
class JournalMeasurementTest {
  private static final int RECORDS = 100_000;
  private static final double SECONDS = 3;

  @TempDir Path temporary;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final AtomicLong syncs = new AtomicLong();
  private int directories;

  private SendQueue queue(Path directory) {
    DiskFiles files = new CountingFiles(new DirectoryFiles(directory), syncs);
    JournalOptions options = new JournalOptions(256L << 20, JournalOptions.DEFAULT_SEGMENT_BYTES);
    return new JournalSendQueue(new Journal(files, options, new SecureRandom()::nextLong), thread);
  }

  private static StoredMessage message() {
    return new StoredMessage(Message.wrap(new byte[256 - 37]), SendOptions.DEFAULT, 0);
  }

  @Test
  void appends() throws IOException, InterruptedException {
    for (int round = 0; round < 2; round++) {
      for (int inFlight : new int[] {1, 64, 8_192}) appends(inFlight);
    }
    thread.shutdown();
  }

  private void appends(int inFlight) throws IOException, InterruptedException {
    SendQueue queue = queue(temporary.resolve("appends-" + ++directories));
    queue.open();
    Semaphore room = new Semaphore(inFlight);
    AtomicLong durable = new AtomicLong();
    SendQueue.AppendCallback callback =
        new SendQueue.AppendCallback() {
          @Override
          public void durable(long sequence) {
            durable.incrementAndGet();
            queue.release(sequence);
            room.release();
          }

          @Override
          public void refused(long sequence, SendQueue.Refusal refusal) {
            throw new AssertionError(refusal);
          }
        };
    long syncsBefore = syncs.get();
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < SECONDS * 1e9) {
      room.acquire();
      queue.append(message(), callback);
    }
    room.acquire(inFlight);
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "## %,d in flight: %,.0f appends a second, %.4f syncs an append%n",
        inFlight,
        durable.get() / seconds,
        (double) (syncs.get() - syncsBefore) / durable.get());
    close(queue);
  }

  private static void close(SendQueue queue) throws InterruptedException {
    Semaphore closed = new Semaphore(0);
    queue.close(closed::release);
    closed.acquire();
  }

  @Test
  void recovery() throws IOException, InterruptedException {
    Path directory = temporary.resolve("recovery");
    SendQueue queue = queue(directory);
    queue.open();
    Semaphore durable = new Semaphore(0);
    for (int i = 0; i < RECORDS; i++) {
      queue.append(
          message(),
          new SendQueue.AppendCallback() {
            @Override
            public void durable(long sequence) {
              durable.release();
            }

            @Override
            public void refused(long sequence, SendQueue.Refusal refusal) {
              throw new AssertionError(refusal);
            }
          });
    }
    durable.acquire(RECORDS);
    close(queue);
    for (int round = 0; round < 5; round++) {
      SendQueue next = queue(directory);
      long begun = System.nanoTime();
      assertThat(next.open().messages()).hasSize(RECORDS);
      System.out.printf(
          Locale.ROOT,
          "## %,d records of 256 bytes read in %.0f ms%n",
          RECORDS,
          (System.nanoTime() - begun) / 1e6);
      close(next);
    }
    thread.shutdown();
  }

  /** Counts the syncs of files and of the directory. */
  private record CountingFiles(DiskFiles files, AtomicLong syncs) implements DiskFiles {
    @Override
    public void lock() throws IOException {
      files.lock();
    }

    @Override
    public void unlock() {
      files.unlock();
    }

    @Override
    public List<String> list() throws IOException {
      return files.list();
    }

    @Override
    public byte[] read(String name) throws IOException {
      return files.read(name);
    }

    @Override
    public OpenFile create(String name) throws IOException {
      return counting(files.create(name));
    }

    @Override
    public OpenFile open(String name) throws IOException {
      return counting(files.open(name));
    }

    private OpenFile counting(OpenFile file) {
      return new OpenFile() {
        @Override
        public void write(long position, byte[] bytes, int length) throws IOException {
          file.write(position, bytes, length);
        }

        @Override
        public void sync() throws IOException {
          syncs.incrementAndGet();
          file.sync();
        }

        @Override
        public void close() {
          file.close();
        }
      };
    }

    @Override
    public void rename(String from, String to) throws IOException {
      files.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      files.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
      syncs.incrementAndGet();
      files.syncDirectory();
    }

    @Override
    public boolean exists(String name) {
      return files.exists(name);
    }

    @Override
    public boolean directoryExists() {
      return files.directoryExists();
    }

    @Override
    public boolean isFull(IOException failure, long bytes) {
      return files.isFull(failure, bytes);
    }
  }
}
