package io.holdfast.queue;

import java.io.IOException;
import java.util.List;

/**
 * The file operations of a journal, all in one directory. What is written is on disk only after a
 * sync of the file, a name that was created, renamed or deleted only after a sync of the directory;
 * until then a crash may keep any part of either.
 */
interface DiskFiles {
  /**
   * Creates the directory if it is missing, and takes the lock.
   *
   * @throws QueueInUseException if another has it
   */
  void lock() throws IOException;

  /** Gives up the lock; does nothing without it. */
  void unlock();

  /** Returns the names of all files. */
  List<String> list() throws IOException;

  /** Returns the whole of a file. */
  byte[] read(String name) throws IOException;

  /** Creates a file, or empties one, that its owner alone can read. */
  OpenFile create(String name) throws IOException;

  OpenFile open(String name) throws IOException;

  void rename(String from, String to) throws IOException;

  /** Deletes a file; one that is not there counts as deleted. */
  void delete(String name) throws IOException;

  void syncDirectory() throws IOException;

  boolean exists(String name);

  /** Whether the directory is the one that was locked. */
  boolean directoryExists();

  /** Whether {@code failure} came because fewer than {@code bytes} were free. */
  boolean isFull(IOException failure, long bytes);

  /** A file that can be written. */
  interface OpenFile {
    /** Writes all of {@code bytes} at {@code position}. */
    void write(long position, byte[] bytes, int length) throws IOException;

    void sync() throws IOException;

    /** Closes it without a sync; what that says is of no use to anyone. */
    void close();
  }
}
