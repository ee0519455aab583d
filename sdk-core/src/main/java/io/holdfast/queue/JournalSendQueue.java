package io.holdfast.queue;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps messages in a directory, so that they survive the process, a power cut, and a full disk.
 *
 * <p>An append is told durable once its bytes are synced; appends that come while a sync runs share
 * the next one. The directory belongs to one queue at a time; on POSIX file systems it is made,
 * with all files in it, for its owner only. Where the system cannot sync a directory, as on
 * Windows, the file system's own order of metadata is relied on.
 *
 * <p>Files: {@code segment-*} hold messages, {@code unreadable-*} copies of what failed its check
 * (the newest 16 are kept), {@code lock} the lock.
 */
public final class JournalSendQueue extends GroupedSendQueue {
  JournalSendQueue(Store journal, Executor executor) {
    super(journal, executor);
  }

  /**
   * Begins to set one up.
   *
   * @param directory created if it is missing; on a disk of this device, for a network's may not
   *     keep what it says that it synced, nor locks
   * @param executor on which the disk is written: one task at a time, which blocks. It must not
   *     refuse tasks before the queue is closed
   */
  public static Builder builder(Path directory, Executor executor) {
    return new Builder(directory, executor);
  }

  /** Sets one up. */
  public static final class Builder {
    private final Path directory;
    private final Executor executor;
    private long maxBytes = JournalOptions.DEFAULT_MAX_BYTES;
    private @Nullable Integer segmentBytes;

    private Builder(Path directory, Executor executor) {
      this.directory = requireNonNull(directory, "directory");
      this.executor = requireNonNull(executor, "executor");
    }

    /**
     * Sets how many bytes all segments together may take on disk; 64 MiB by default. Messages get
     * all but one segment of it.
     */
    public Builder maxBytes(long maxBytes) {
      this.maxBytes = maxBytes;
      return this;
    }

    /**
     * Sets how many bytes are allocated at a time, from 4 KiB to 64 MiB; by default a sixteenth of
     * {@link #maxBytes}, and at most 4 MiB. More make fewer files and fewer pauses to begin one,
     * fewer take less of the disk while there is little to keep.
     */
    public Builder segmentBytes(int segmentBytes) {
      this.segmentBytes = segmentBytes;
      return this;
    }

    /**
     * Makes the queue; touches no disk.
     *
     * @throws IllegalArgumentException if {@code segmentBytes} is out of its bounds, or {@code
     *     maxBytes} is less than 4 segments
     */
    public JournalSendQueue build() {
      JournalOptions options =
          segmentBytes == null
              ? JournalOptions.of(maxBytes)
              : new JournalOptions(maxBytes, segmentBytes);
      SecureRandom random = new SecureRandom();
      Store journal = new Journal(new DirectoryFiles(directory), options, random::nextLong);
      return new JournalSendQueue(journal, executor);
    }
  }
}
