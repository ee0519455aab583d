package io.holdfast.simulation;

import io.holdfast.queue.SendQueue;
import io.holdfast.queue.SimulatedStorage;
import java.util.List;
import java.util.concurrent.Executor;

/** The device's disk, on which a journal lives on from one connection to the next. */
final class Disk {
  private final World world;
  private final Dice dice;
  private final SimulatedStorage storage;
  private boolean anew;
  private boolean disturbed;

  Disk(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    Setup setup = world.scenario.setup();
    storage = new SimulatedStorage(setup.journalBytes(), setup.segmentBytes(), dice.random());
  }

  void deleteDirectory() {
    storage.deleteDirectory();
    anew = true;
  }

  /** Whether nothing is accepted before a new life makes a new directory. */
  boolean isGone() {
    return storage.isGone();
  }

  /** Whether the queue that is being opened begins with nothing, for the directory was deleted. */
  boolean beginsAnew() {
    boolean result = anew && !storage.isGone();
    anew &= !result;
    return result;
  }

  /** Returns the queue of a life, which runs its tasks on {@code device}, later. */
  SendQueue newQueue(List<Life> self, Executor device) {
    return storage.newQueue(task -> write(self, device, task));
  }

  /** Returns a queue for whoever looks at what is left in the end. */
  SendQueue newQueue() {
    storage.disturb(Long.MAX_VALUE, false, false);
    return storage.newQueue(Runnable::run);
  }

  private void write(List<Life> self, Executor device, Runnable task) {
    Runnable write =
        () -> {
          disturb(self.get(0));
          task.run();
        };
    if (world.conditions.strikes(FaultKind.SLOW_DISK)) {
      long nanos = dice.between(0, world.conditions.amount(FaultKind.SLOW_DISK) * 1_000_000L);
      world.agenda.after(nanos, () -> device.execute(write));
    } else if (dice.oneIn(2)) {
      world.agenda.after(dice.skewed(20_000, 20_000_000), () -> device.execute(write));
    } else {
      device.execute(write);
    }
  }

  /** What is wrong with it now does its harm. */
  void disturb(Life life) {
    boolean fullNow = world.conditions.strikes(FaultKind.DISK_FULL);
    boolean failingWrites = world.conditions.strikes(FaultKind.WRITES_FAIL);
    boolean failingSyncs = world.conditions.strikes(FaultKind.SYNCS_FAIL);
    life.diskTrouble |= fullNow || failingWrites || failingSyncs;
    disturbed |= life.diskTrouble;
    long free = fullNow ? world.conditions.amount(FaultKind.DISK_FULL) : Long.MAX_VALUE;
    storage.disturb(free, failingWrites, failingSyncs);
  }

  /** Whether it may ever have lost what was written, or have written a part. */
  boolean wasDisturbed() {
    return disturbed;
  }

  /** Whether a journal that takes so much may have no room for one more segment. */
  boolean isNearlyFull(long bytes) {
    Setup setup = world.scenario.setup();
    return bytes + 2L * setup.segmentBytes() > setup.journalBytes();
  }

  /** The process that used it is gone. */
  void lost(boolean power) {
    disturbed |= power;
    if (power) storage.powerCut();
    else storage.killed();
  }
}
