package io.holdfast.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** A journal as its builder makes it, whose syncs are counted. In the room that has the disk. */
public final class CountedJournal {
  /** What a journal's builder makes the bound. */
  public static final long DEFAULT_MAX_BYTES = JournalOptions.DEFAULT_MAX_BYTES;

  private CountedJournal() {}

  /**
   * Makes one.
   *
   * @param syncs gets one more for each call that syncs a file or the directory
   */
  public static SendQueue open(Path directory, long maxBytes, Executor executor, AtomicLong syncs)
      throws IOException {
    JournalOptions options = JournalOptions.of(maxBytes);
    DiskFiles files = new CountingFiles(new DirectoryFiles(directory), syncs);
    SendQueue queue =
        new JournalSendQueue(new Journal(files, options, new SecureRandom()::nextLong), executor);
    queue.open();
    return queue;
  }

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
      return new CountingFile(files.create(name), syncs);
    }

    @Override
    public OpenFile open(String name) throws IOException {
      return new CountingFile(files.open(name), syncs);
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

  private record CountingFile(DiskFiles.OpenFile file, AtomicLong syncs)
      implements DiskFiles.OpenFile {
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
  }
}
