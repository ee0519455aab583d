package io.holdfast.benchmarks.journal;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.CountedJournal;
import io.holdfast.queue.JournalSendQueue;
import io.holdfast.queue.Recovered.Kept;
import io.holdfast.queue.SendQueue;
import io.holdfast.queue.StoredMessage;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The journal with its defaults, a thread of its own for the disk, and a bound that is not reached.
 * A group of appends is one write and one {@code fdatasync} of a segment that was synced as zeros
 * before. Whoever is told that a record is durable appends the next one, on the disk's thread, as
 * the others append on the thread that waited for the disk.
 */
final class HoldfastJournal implements Keeper {
  private static final long MAX_BYTES = 4L << 30;

  @Override
  public Appended append(Path directory, int inFlight, long nanos) throws Exception {
    return measure(
        directory,
        MAX_BYTES,
        (queue, begun) -> {
          Chain chain = new Chain(queue, begun + nanos, inFlight);
          for (int i = 0; i < inFlight; i++) queue.append(message(i), chain);
          return chain.awaitEnd();
        });
  }

  /**
   * Appends on a thread that waits for room, and releases what is durable, as a connection does:
   * what an app sees.
   */
  Appended appendAndRelease(Path directory, int inFlight, long nanos) throws Exception {
    return measure(
        directory,
        CountedJournal.DEFAULT_MAX_BYTES,
        (queue, begun) -> {
          Semaphore room = new Semaphore(inFlight);
          Releasing releasing = new Releasing(queue, room);
          long records = 0;
          while (System.nanoTime() - begun < nanos) {
            room.acquire();
            queue.append(message(records++), releasing);
          }
          room.acquire(inFlight);
          return records;
        });
  }

  private static Appended measure(Path directory, long maxBytes, Appending appending)
      throws Exception {
    ExecutorService disk = Executors.newSingleThreadExecutor();
    AtomicLong syncs = new AtomicLong();
    SendQueue queue = CountedJournal.open(directory, maxBytes, disk, syncs);
    long syncsBefore = syncs.get();
    long begun = System.nanoTime();
    long records = appending.append(queue, begun);
    long spent = System.nanoTime() - begun;
    long synced = syncs.get() - syncsBefore;
    close(queue, disk);
    return new Appended(records, spent, synced);
  }

  private interface Appending {
    /** Returns how many. */
    long append(SendQueue queue, long begunNanos) throws InterruptedException;
  }

  /** So many appends that each begin the next one, until the time is up. */
  private static final class Chain implements SendQueue.AppendCallback {
    private final SendQueue queue;
    private final long endNanos;
    private final CountDownLatch ends;
    // The disk's thread counts.
    private long records;

    Chain(SendQueue queue, long endNanos, int inFlight) {
      this.queue = queue;
      this.endNanos = endNanos;
      this.ends = new CountDownLatch(inFlight);
    }

    @Override
    public void durable(long sequence) {
      records++;
      if (System.nanoTime() - endNanos < 0) queue.append(message(records), this);
      else ends.countDown();
    }

    @Override
    public void refused(long sequence, SendQueue.Refusal refusal) {
      throw new AssertionError(refusal);
    }

    long awaitEnd() throws InterruptedException {
      ends.await();
      return records;
    }
  }

  private static StoredMessage message(long number) {
    return new StoredMessage(Message.wrap(Keeper.record(number)), SendOptions.DEFAULT, number);
  }

  private static void close(SendQueue queue, ExecutorService disk) throws InterruptedException {
    queue.close(disk::shutdown);
    if (!disk.awaitTermination(30, TimeUnit.SECONDS)) throw new AssertionError("not closed");
  }

  private record Releasing(SendQueue queue, Semaphore room) implements SendQueue.AppendCallback {
    @Override
    public void durable(long sequence) {
      queue.release(sequence);
      room.release();
    }

    @Override
    public void refused(long sequence, SendQueue.Refusal refusal) {
      throw new AssertionError(refusal);
    }
  }

  @Override
  public void fill(Path directory, int records) throws Exception {
    ExecutorService disk = Executors.newSingleThreadExecutor();
    SendQueue queue = JournalSendQueue.builder(directory, disk).build();
    queue.open();
    Semaphore room = new Semaphore(1_000);
    Keeping keeping = new Keeping(room);
    for (int i = 0; i < records; i++) {
      room.acquire();
      queue.append(message(i), keeping);
    }
    close(queue, disk);
  }

  private record Keeping(Semaphore room) implements SendQueue.AppendCallback {
    @Override
    public void durable(long sequence) {
      room.release();
    }

    @Override
    public void refused(long sequence, SendQueue.Refusal refusal) {
      throw new AssertionError(refusal);
    }
  }

  @Override
  public int readAll(Path directory) throws Exception {
    SendQueue queue = JournalSendQueue.builder(directory, Runnable::run).build();
    int records = 0;
    for (Kept kept : queue.open().messages()) {
      if (kept.message().message().size() == RECORD_BYTES) records++;
    }
    queue.close(() -> {});
    return records;
  }
}
