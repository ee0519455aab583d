package io.holdfast.benchmarks.journal;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.CountedJournal;
import io.holdfast.queue.JournalSendQueue;
import io.holdfast.queue.Recovered.Kept;
import io.holdfast.queue.SendQueue;
import io.holdfast.queue.StoredMessage;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The journal with its defaults and a thread of its own for the disk. A group of appends is one
 * write, one {@code fdatasync}, of a segment that was synced as zeros before. What is told durable
 * is released, as a connection does, and so written to the journal, too.
 */
final class HoldfastJournal implements Keeper {

  @Override
  public Appended append(Path directory, int inFlight, long nanos) throws Exception {
    ExecutorService disk = Executors.newSingleThreadExecutor();
    AtomicLong syncs = new AtomicLong();
    SendQueue queue = CountedJournal.open(directory, disk, syncs);
    Semaphore room = new Semaphore(inFlight);
    Releasing releasing = new Releasing(queue, room);
    long syncsBefore = syncs.get();
    long begun = System.nanoTime();
    long records = 0;
    while (System.nanoTime() - begun < nanos) {
      room.acquire();
      queue.append(message(records++), releasing);
    }
    room.acquire(inFlight);
    long spent = System.nanoTime() - begun;
    long synced = syncs.get() - syncsBefore;
    close(queue, disk);
    return new Appended(records, spent, synced);
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
