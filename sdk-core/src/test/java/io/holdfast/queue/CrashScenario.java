package io.holdfast.queue;

import io.holdfast.Assurance;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.SimulatedDisk.Kept;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Several lives of a journal, all made from one seed: what an app does, what its disk fails at, and
 * how each life ends. At each step of the disk it is cut off in every way, and what is left must be
 * what was promised.
 */
final class CrashScenario {
  private static final int SEGMENT = 4_096;
  private static final List<Kept> KEPT = List.of(Kept.values());

  /** How often something happened, so that a test can see that it did. */
  enum Seen {
    IMAGES,
    LIVES,
    DURABLE,
    REFUSED,
    COPIED,
    TORN_TAILS,
    KILLS,
    CUTS,
    CLOSES,
    FAULTS
  }

  final Map<Seen, Long> seen = new EnumMap<>(Seen.class);

  private final long seed;
  private final Random random;
  // The images draw from their own, so that a scenario is the same however often it is cut off.
  private final Random imageRandom;
  private final Promises promises = new Promises();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final JournalOptions options;
  private long killAt = Long.MAX_VALUE;
  private SimulatedDisk disk = new SimulatedDisk();
  private Journal journal;
  private SendQueue queue;

  CrashScenario(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.imageRandom = new Random(seed + 1);
    this.options = new JournalOptions((4L + random.nextInt(5)) * SEGMENT, SEGMENT);
    for (Seen what : Seen.values()) seen.put(what, 0L);
    journal = newJournal(disk);
    queue = new JournalSendQueue(journal, tasks::add);
  }

  private Journal newJournal(SimulatedDisk on) {
    return new Journal(on, options, new Random(seed ^ on.steps)::nextLong);
  }

  private void see(Seen what) {
    seen.merge(what, 1L, Long::sum);
  }

  void run() throws IOException {
    try {
      int lives = 2 + random.nextInt(4);
      for (int life = 0; life < lives; life++) live();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  // ---- A life

  private void live() throws IOException {
    disk.step = this::cutOff;
    begin();
    // Some lives end in the middle of a step.
    killAt = random.nextInt(3) == 0 ? disk.steps + 1 + random.nextInt(150) : Long.MAX_VALUE;
    try {
      act(5 + random.nextInt(25));
      repair();
      if (random.nextBoolean()) runTasks();
      end();
    } catch (SimulatedDisk.Killed e) {
      repair();
      kill();
    }
    killAt = Long.MAX_VALUE;
    see(Seen.LIVES);
  }

  private void act(int times) {
    for (int act = 0; act < times; act++) {
      act();
      if (random.nextInt(4) == 0) repair();
      if (random.nextInt(3) > 0) runTasks();
    }
  }

  private void begin() throws IOException {
    journal = newJournal(disk);
    Spy spy = new Spy(journal);
    queue = new JournalSendQueue(spy, tasks::add);
    Recovered recovered = queue.open();
    promises.check(recovered, spy.nextSequence);
    promises.reborn(recovered);
    disk.reads = 0;
  }

  // What open knows and an app need not.
  private static final class Spy implements Store {
    private final Journal journal;
    long nextSequence;

    Spy(Journal journal) {
      this.journal = journal;
    }

    @Override
    public Opened open() throws IOException {
      Opened opened = journal.open();
      nextSequence = opened.nextSequence();
      return opened;
    }

    @Override
    public void commit(List<Operation> group) {
      journal.commit(group);
    }

    @Override
    public void close() {
      journal.close();
    }

    @Override
    public SendQueue.Usage usage() {
      return journal.usage();
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
    if (disk.dead) throw new SimulatedDisk.Killed();
    if (journal.usage().bytes() > options.maxBytes()) {
      throw new AssertionError("the bound holds, but not for " + journal.usage());
    }
  }

  private void act() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> append(1 + random.nextInt(4));
      case 4 -> append(1 + random.nextInt(40));
      case 5, 6 -> releaseOldest();
      case 7 -> releaseAny();
      case 8 -> saveState();
      case 9 -> hand();
      case 10 -> disturb();
      default -> releaseOldest();
    }
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      StoredMessage message = message();
      promises.appended(queue.append(message, promises), message);
    }
  }

  private StoredMessage message() {
    int size = random.nextInt(20) == 0 ? random.nextInt(3 * SEGMENT) : random.nextInt(200);
    byte[] payload = new byte[size];
    random.nextBytes(payload);
    SendOptions options =
        new SendOptions(
            random.nextBoolean() ? Assurance.CONFIRMED : Assurance.WRITTEN,
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextBoolean() ? Duration.ofMillis(1L + random.nextInt(1_000_000)) : null,
            random.nextInt(4) == 0 ? "key" : null,
            random.nextInt(4) == 0 ? Map.of("id", "7") : Collections.emptyMap());
    return new StoredMessage(Message.wrap(payload), options, random.nextInt());
  }

  private void releaseOldest() {
    List<Long> kept = promises.kept();
    int count = random.nextInt(kept.size() + 1);
    // The very oldest stays now and then, and everything else goes.
    int from = random.nextInt(3) == 0 ? 1 : 0;
    for (int i = from; i < count; i++) release(kept.get(i));
  }

  private void releaseAny() {
    for (long sequence : promises.kept()) {
      if (random.nextInt(3) == 0) release(sequence);
    }
  }

  private void release(long sequence) {
    queue.release(sequence);
    promises.released(sequence);
  }

  private void saveState() {
    byte[] state = new byte[random.nextInt(60)];
    random.nextBytes(state);
    queue.saveState(state);
    promises.stateSaved(state);
  }

  private void hand() {
    if (promises.isHanding()) {
      List<Long> kept = promises.kept();
      if (!kept.isEmpty()) promises.handed(kept.get(random.nextInt(kept.size())));
      if (random.nextBoolean()) return;
      promises.handing(false);
      queue.handed(promises.handedUpTo);
    } else {
      queue.handing(promises::handing);
    }
  }

  private void disturb() {
    repair();
    if (random.nextBoolean()) return;
    see(Seen.FAULTS);
    switch (random.nextInt(8)) {
      case 0 -> disk.freeBytes = random.nextInt(SEGMENT);
      case 1 -> disk.failingWrites = true;
      case 2 -> disk.failingNames = true;
      case 3 -> disk.failNextWrite = true;
      case 4, 5 -> disk.failNextSync = true;
      default -> disk.failingSyncs = true;
    }
  }

  private void repair() {
    disk.freeBytes = Long.MAX_VALUE;
    disk.failingWrites = false;
    disk.failingNames = false;
    disk.failingSyncs = false;
    disk.failNextSync = false;
    disk.failNextWrite = false;
  }

  // A record behind the end would be outside of what the bound counts.
  private void checkLengths() throws IOException {
    for (Map.Entry<String, byte[]> file : disk.contents().entrySet()) {
      if (Segment.number(file.getKey()) == 0) continue;
      SegmentHeader header = SegmentHeader.decode(file.getValue());
      if (header == null || header.length() != file.getValue().length) {
        throw new AssertionError("a segment is as long as its header says, but not " + header);
      }
    }
  }

  private void end() throws IOException {
    checkLengths();
    // Only what is copied is read again.
    seen.merge(Seen.COPIED, disk.reads, Long::sum);
    seen.put(Seen.DURABLE, (long) promises.durable);
    seen.put(Seen.REFUSED, (long) promises.refused);
    switch (random.nextInt(3)) {
      case 0 -> cut();
      case 1 -> kill();
      default -> close();
    }
  }

  private void cut() {
    see(Seen.CUTS);
    tasks.clear();
    disk = disk.crashed(KEPT.get(random.nextInt(KEPT.size())), random);
  }

  private void kill() {
    see(Seen.KILLS);
    tasks.clear();
    disk.killed();
  }

  private void close() {
    see(Seen.CLOSES);
    queue.close(() -> {});
    runTasks();
  }

  // ---- A step of the disk

  private void cutOff() {
    if (disk.steps >= killAt) {
      disk.dead = true;
      promises.dead = true;
      throw new SimulatedDisk.Killed();
    }
    for (Kept kept : Kept.values()) cutOff(kept);
  }

  private void cutOff(Kept kept) {
    see(Seen.IMAGES);
    SimulatedDisk image = disk.crashed(kept, imageRandom);
    try {
      Store.Opened opened = newJournal(image).open();
      promises.check(opened.recovered(), opened.nextSequence());
      if (!opened.recovered().unreadable().isEmpty()) see(Seen.TORN_TAILS);
      for (Recovered.Unreadable lost : opened.recovered().unreadable()) {
        if (lost.reason().startsWith("damaged"))
          throw new AssertionError("nothing is damaged, but " + lost);
      }
    } catch (IOException e) {
      throw new AssertionError("a crashed journal opens, but not: " + e, e);
    } catch (AssertionError e) {
      throw new AssertionError(kept + " at step " + disk.steps + ": " + e.getMessage(), e);
    }
  }
}
