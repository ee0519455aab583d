package io.holdfast.queue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** A journal's directory on a {@link SimulatedDisk}, for worlds outside this room. */
public final class SimulatedStorage {
  private static final List<SimulatedDisk.Kept> KEPT = List.of(SimulatedDisk.Kept.values());

  private final JournalOptions options;
  private final Random random;
  private SimulatedDisk disk = new SimulatedDisk();

  /** Makes an empty one; {@code random} says what a power cut leaves. */
  public SimulatedStorage(long maxBytes, int segmentBytes, Random random) {
    this.options = new JournalOptions(maxBytes, segmentBytes);
    this.random = random;
  }

  /** Returns a new queue in the directory, as each life of a process has its own. */
  public SendQueue newQueue(Executor executor) {
    if (disk.gone) disk = new SimulatedDisk();
    return new JournalSendQueue(new Journal(disk, options, random::nextLong), executor);
  }

  /** The process is gone, and its lock with it; what it wrote stays. */
  public void killed() {
    disk.killed();
  }

  /** The device is off: of what was not synced, chance leaves a part. */
  public void powerCut() {
    // Of a directory that is gone nothing comes back.
    if (!disk.gone) disk = disk.crashed(KEPT.get(random.nextInt(KEPT.size())), random);
  }

  /** Somebody deletes the directory, until a new queue makes another. */
  public void deleteDirectory() {
    disk.gone = true;
  }

  /** Whether the directory is gone. */
  public boolean isGone() {
    return disk.gone;
  }

  /** Says what is wrong with the disk from now on. */
  public void disturb(long freeBytes, boolean failingWrites, boolean failingSyncs) {
    disk.freeBytes = freeBytes;
    disk.failingWrites = failingWrites;
    disk.failingSyncs = failingSyncs;
  }
}
