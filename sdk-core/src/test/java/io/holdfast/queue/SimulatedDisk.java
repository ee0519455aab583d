package io.holdfast.queue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One directory of a disk that keeps only what was synced, and of the rest whatever chance leaves.
 * A sync of a file does not sync its name. Content that a failed sync was to write stays readable,
 * but no later sync writes it.
 */
final class SimulatedDisk implements DiskFiles {
  static final int SECTOR = 512;

  /** How much of what was not synced a crash keeps. */
  enum Kept {
    NOTHING,
    ALL,
    /** What came first, the last write torn at some byte. */
    PREFIX,
    /** Any names, and any sectors. */
    SECTORS
  }

  private static final List<Kept> KEPT = List.of(Kept.values());

  private static final class Inode {
    byte[] content = new byte[0];
    byte[] durable = new byte[0];
    // In order.
    final List<Change> changes = new ArrayList<>();
  }

  private static final class Change {
    final int position;
    final byte[] bytes;
    // A sync failed to write it: no other will.
    boolean given;

    Change(int position, byte[] bytes) {
      this.position = position;
      this.bytes = bytes;
    }
  }

  /** A name that a file got; or lost, if {@code inode} is null. */
  private record Naming(String name, @Nullable Inode inode) {}

  private final Map<String, Inode> names = new HashMap<>();
  private final Map<String, Inode> durableNames = new HashMap<>();
  // A rename is one step of two namings, which a crash keeps or loses together.
  private final List<List<Naming>> namings = new ArrayList<>();
  private boolean locked;

  // What is wrong with it.
  long freeBytes = Long.MAX_VALUE;
  boolean readOnly;
  boolean gone;
  boolean failingSyncs;
  boolean failingWrites;
  boolean failingNames;
  // The next one fails, and all after it go well.
  boolean failNextSync;
  boolean failNextWrite;

  // Called before and after each step that changes anything.
  Runnable step = () -> {};
  long steps;
  long reads;

  // ---- The crash

  /** Returns the disk as a power cut right now leaves it. */
  SimulatedDisk crashed(Kept kept, Random random) {
    SimulatedDisk after = new SimulatedDisk();
    Map<Inode, Inode> copies = new HashMap<>();
    Map<String, Inode> left = new HashMap<>(durableNames);
    int prefix = random.nextInt(namings.size() + 1);
    for (int i = 0; i < namings.size(); i++) {
      if (keeps(kept, i < prefix, random)) apply(namings.get(i), left);
    }
    left.forEach(
        (name, inode) -> {
          Inode copy = copies.computeIfAbsent(inode, old -> crashed(old, kept, random));
          after.names.put(name, copy);
          after.durableNames.put(name, copy);
        });
    return after;
  }

  private static boolean keeps(Kept kept, boolean inPrefix, Random random) {
    return switch (kept) {
      case NOTHING -> false;
      case ALL -> true;
      case PREFIX -> inPrefix;
      case SECTORS -> random.nextBoolean();
    };
  }

  private static Inode crashed(Inode inode, Kept kept, Random random) {
    Inode after = new Inode();
    after.content = inode.durable.clone();
    int torn = random.nextInt(inode.changes.size() + 1);
    for (int i = 0; i < inode.changes.size(); i++) {
      Change change = inode.changes.get(i);
      Kept how = change.given ? KEPT.get(random.nextInt(KEPT.size())) : kept;
      after.content = crashed(after.content, change, how, i - torn, random);
    }
    after.durable = after.content.clone();
    return after;
  }

  private static byte[] crashed(
      byte[] content, Change change, Kept kept, int fromTorn, Random random) {
    int length = change.bytes.length;
    int whole = fromTorn < 0 ? length : fromTorn > 0 ? 0 : random.nextInt(length + 1);
    return switch (kept) {
      case NOTHING -> content;
      case ALL -> written(content, change.position, change.bytes, 0, length);
      case PREFIX -> written(content, change.position, change.bytes, 0, whole);
      case SECTORS -> sectors(content, change, random);
    };
  }

  private static byte[] sectors(byte[] content, Change change, Random random) {
    byte[] after = content;
    int from = 0;
    while (from < change.bytes.length) {
      int sectorEnd = ((change.position + from) / SECTOR + 1) * SECTOR - change.position;
      int to = Math.min(sectorEnd, change.bytes.length);
      if (random.nextBoolean()) after = written(after, change.position, change.bytes, from, to);
      from = to;
    }
    return after;
  }

  private static byte[] written(byte[] content, int position, byte[] bytes, int from, int to) {
    if (from == to) return content;
    int end = position + to;
    byte[] after = end > content.length ? Arrays.copyOf(content, end) : content;
    System.arraycopy(bytes, from, after, position + from, to - from);
    return after;
  }

  private static void apply(List<Naming> step, Map<String, Inode> names) {
    for (Naming naming : step) {
      if (naming.inode == null) names.remove(naming.name);
      else names.put(naming.name, naming.inode);
    }
  }

  /** The process was killed: what it wrote stays where it was, and its lock is gone. */
  void killed() {
    locked = false;
    dead = false;
  }

  // ---- For tests that damage it

  Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new HashMap<>();
    names.forEach((name, inode) -> contents.put(name, inode.content.clone()));
    return contents;
  }

  static SimulatedDisk of(Map<String, byte[]> contents) {
    SimulatedDisk disk = new SimulatedDisk();
    contents.forEach(
        (name, bytes) -> {
          Inode inode = new Inode();
          inode.content = bytes.clone();
          inode.durable = bytes.clone();
          disk.names.put(name, inode);
          disk.durableNames.put(name, inode);
        });
    return disk;
  }

  // ---- Operations

  /** The process does nothing more. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  // The process that uses it is being killed.
  boolean dead;

  private void step() {
    if (dead) throw new Killed();
    steps++;
    step.run();
  }

  @Override
  public void lock() throws IOException {
    if (readOnly) throw new AccessDeniedException("lock");
    if (locked) throw new QueueInUseException("in use");
    locked = true;
  }

  @Override
  public void unlock() {
    locked = false;
  }

  @Override
  public List<String> list() throws IOException {
    return new ArrayList<>(names.keySet());
  }

  @Override
  public byte[] read(String name) throws IOException {
    reads++;
    return found(name).content.clone();
  }

  private Inode found(String name) throws NoSuchFileException {
    Inode inode = names.get(name);
    if (inode == null || gone) throw new NoSuchFileException(name);
    return inode;
  }

  @Override
  public OpenFile create(String name) throws IOException {
    changeNames();
    Inode inode = new Inode();
    name(List.of(new Naming(name, inode)));
    return new SimulatedFile(inode);
  }

  private void changeNames() throws IOException {
    if (gone) throw new NoSuchFileException("gone");
    if (readOnly) throw new AccessDeniedException("read only");
    if (failingNames) throw new IOException("a name failed");
    step();
  }

  private void name(List<Naming> change) {
    apply(change, names);
    namings.add(change);
    step();
  }

  @Override
  public OpenFile open(String name) throws IOException {
    return new SimulatedFile(found(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    changeNames();
    name(List.of(new Naming(from, null), new Naming(to, found(from))));
  }

  @Override
  public void delete(String name) throws IOException {
    changeNames();
    if (names.containsKey(name)) name(List.of(new Naming(name, null)));
  }

  @Override
  public void syncDirectory() throws IOException {
    if (gone) throw new NoSuchFileException("gone");
    step();
    if (failingSyncs) throw new IOException("a sync of the directory failed");
    durableNames.clear();
    durableNames.putAll(names);
    namings.clear();
    step();
  }

  @Override
  public boolean exists(String name) {
    return names.containsKey(name) && !gone;
  }

  @Override
  public boolean directoryExists() {
    return !gone;
  }

  @Override
  public boolean isFull(IOException failure, long bytes) {
    return freeBytes < bytes;
  }

  private final class SimulatedFile implements OpenFile {
    private final Inode inode;
    private boolean open = true;

    SimulatedFile(Inode inode) {
      this.inode = inode;
    }

    @Override
    public void write(long position, byte[] bytes, int length) throws IOException {
      if (!open) throw new AssertionError("written after it was closed");
      step();
      int grows = (int) Math.max(0, position + length - inode.content.length);
      if (grows > freeBytes) throw new IOException("no room");
      freeBytes -= grows;
      // A write that fails may have written something.
      boolean failing = failingWrites || failNextWrite;
      failNextWrite = false;
      int written = failing ? length / 2 : length;
      byte[] part = Arrays.copyOf(bytes, written);
      inode.content = SimulatedDisk.written(inode.content, (int) position, part, 0, written);
      inode.changes.add(new Change((int) position, part));
      step();
      if (failing) throw new IOException("a write failed");
    }

    @Override
    public void sync() throws IOException {
      if (!open) throw new AssertionError("synced after it was closed");
      step();
      boolean failing = failingSyncs || failNextSync;
      failNextSync = false;
      if (failing) {
        for (Change change : inode.changes) change.given = true;
        throw new IOException("a sync failed");
      }
      for (Change change : inode.changes) {
        if (change.given) continue;
        inode.durable =
            SimulatedDisk.written(
                inode.durable, change.position, change.bytes, 0, change.bytes.length);
      }
      inode.changes.removeIf(change -> !change.given);
      step();
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
