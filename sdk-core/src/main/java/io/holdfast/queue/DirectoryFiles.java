package io.holdfast.queue;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A real directory. One thread at a time uses it. */
final class DirectoryFiles implements DiskFiles {
  static final String LOCK = "lock";

  // A process's own second lock throws or, where a class loader has its own copy of us, overlaps.
  private static final Set<Path> LOCKED = Collections.newSetFromMap(new ConcurrentHashMap<>());
  private static final boolean WINDOWS = File.separatorChar == '\\';

  private final Path directory;
  private final boolean posix;
  private @Nullable Path locked;
  private @Nullable FileChannel lockFile;
  private @Nullable Object identity;

  DirectoryFiles(Path directory) {
    this.directory = directory.toAbsolutePath();
    this.posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private FileAttribute<?>[] ownerOnly(String permissions) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public void lock() throws IOException {
    Files.createDirectories(directory, ownerOnly("rwx------"));
    Path real = directory.toRealPath();
    if (!LOCKED.add(real)) throw inUse("another queue of this process");
    locked = real;
    try {
      lockAgainstProcesses();
      identity = identity();
    } catch (IOException | RuntimeException e) {
      unlock();
      throw e;
    }
  }

  private void lockAgainstProcesses() throws IOException {
    try {
      // Deleting it at the end would let two processes lock two files of one name.
      FileChannel file = channel(LOCK, EnumSet.of(CREATE, WRITE));
      lockFile = file;
      FileLock lock = file.tryLock();
      if (lock == null) throw inUse("another process");
    } catch (OverlappingFileLockException e) {
      throw inUse("another queue of this process");
    } catch (AccessDeniedException e) {
      throw new IOException("the directory " + directory + " must be writable but is not", e);
    }
  }

  private QueueInUseException inUse(String by) {
    return new QueueInUseException("the directory " + directory + " is in use by " + by);
  }

  @Override
  public void unlock() {
    FileChannel file = lockFile;
    lockFile = null;
    if (file != null) close(file);
    Path real = locked;
    locked = null;
    if (real != null) LOCKED.remove(real);
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) names.add(file.getFileName().toString());
    }
    return names;
  }

  @Override
  public byte[] read(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }

  @Override
  public OpenFile create(String name) throws IOException {
    if (!directoryExists()) throw new NoSuchFileException(directory.toString());
    return new ChannelFile(channel(name, EnumSet.of(CREATE, WRITE, TRUNCATE_EXISTING)));
  }

  @Override
  public OpenFile open(String name) throws IOException {
    return new ChannelFile(channel(name, EnumSet.of(WRITE)));
  }

  private FileChannel channel(String name, Set<? extends OpenOption> options) throws IOException {
    return FileChannel.open(
        directory.resolve(name), new HashSet<OpenOption>(options), ownerOnly("rw-------"));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void syncDirectory() throws IOException {
    // Windows cannot open a directory, and keeps its entries in a journal of its own.
    if (WINDOWS) return;
    try (FileChannel entries = FileChannel.open(directory, READ)) {
      entries.force(true);
    }
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(directory.resolve(name));
  }

  @Override
  public boolean directoryExists() {
    try {
      return Objects.equals(identity, identity());
    } catch (IOException e) {
      return false;
    }
  }

  // Of the lock, whose file we hold open: what is made anew cannot have its number. Null where the
  // file system gives none, as on Windows, where what is open cannot be deleted.
  private @Nullable Object identity() throws IOException {
    return Files.readAttributes(directory.resolve(LOCK), BasicFileAttributes.class).fileKey();
  }

  @Override
  public boolean isFull(IOException failure, long bytes) {
    String said = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (said.contains("space") || said.contains("quota")) return true;
    try {
      return Files.getFileStore(directory).getUsableSpace() < bytes;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // What was not synced counts as lost in any case.
    }
  }

  private static final class ChannelFile implements OpenFile {
    private final FileChannel channel;

    ChannelFile(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(long position, byte[] bytes, int length) throws IOException {
      ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
      while (left.hasRemaining()) channel.write(left, position + left.position());
    }

    @Override
    public void sync() throws IOException {
      // The length too, where the file has grown.
      channel.force(false);
    }

    @Override
    public void close() {
      DirectoryFiles.close(channel);
    }
  }
}
