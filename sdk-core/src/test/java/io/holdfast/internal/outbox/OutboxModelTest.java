package io.holdfast.internal.outbox;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Fate;
import io.holdfast.Fate.InDoubt;
import io.holdfast.Overflow;
import io.holdfast.PongSupport;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.holdfast.internal.Settings;
import io.holdfast.transport.OutboundBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The outbox beside a naive one, through random lives of seeded chance. A failure names its seed
 * and tells the steps.
 */
class OutboxModelTest {
  private static final int SEEDS = 3_000;
  private static final List<PongSupport> SUPPORTS = List.of(PongSupport.values());
  private static final int STEPS = 100;

  @Test
  void doesWhatANaiveOneDoes() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try {
        new Life(seed, false).live();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage() + stepsOf(seed), e);
      }
    }
  }

  /** The same life once more, with a log. */
  private static String stepsOf(int seed) {
    Life life = new Life(seed, true);
    try {
      life.live();
      return "\nbut not again";
    } catch (AssertionError | RuntimeException again) {
      return life.log.toString();
    }
  }

  /** One random life of the outbox and of its model. */
  private static final class Life {
    private final Random random;
    private final boolean logging;
    private final StringBuilder log = new StringBuilder();
    private final Settings.Queue limits;
    private final Outbox outbox;
    private final NaiveOutbox model;
    private final IdentityHashMap<Entry, NaiveOutbox.Item> items = new IdentityHashMap<>();
    private final List<TestEntry> entries = new ArrayList<>();
    private final List<byte[]> pings = new ArrayList<>();
    private final List<Long> pingGenerations = new ArrayList<>();
    private final OutboundBatch batch = new OutboundBatch();
    private long now;
    private long generation;
    // The writer found nothing and waits to be woken.
    private boolean asleep;
    private boolean batchOut;

    private Life(int seed, boolean logging) {
      this.logging = logging;
      random = new Random(seed);
      now = random.nextLong();
      limits =
          new Settings.Queue(
              1 + random.nextInt(12),
              20 + random.nextInt(100),
              40,
              random.nextBoolean() ? Overflow.REJECT : Overflow.EVICT_OLDEST,
              1 + random.nextInt(4),
              Duration.ofNanos(1 + random.nextInt(50)));
      outbox = new Outbox(limits);
      model = new NaiveOutbox(limits);
      note(limits);
    }

    private void live() {
      for (int i = 0; i < STEPS; i++) {
        step();
        compare();
      }
      note("endAll");
      outbox.endAll();
      model.endAll();
      asleep = false;
      compare();
      for (TestEntry entry : entries) check(entry.fate() != null, entry + " has no fate");
    }

    private void step() {
      int choice = random.nextInt(100);
      if (choice < 26) send();
      else if (choice < 28) pauseOrResume();
      else if (choice < 32) cancel();
      else if (choice < 47) take();
      else if (choice < 51) takePing();
      else if (choice < 65) written();
      else if (choice < 77) pong();
      else if (choice < 82) pass();
      else if (choice < 85) expire();
      else if (choice < 87) wantPing();
      else if (choice < 89) wakeForBarrier();
      else if (choice < 90) learnPongs();
      else changeTransport();
    }

    private void send() {
      SendOptions options =
          new SendOptions(
              random.nextInt(3) == 0 ? Assurance.WRITTEN : Assurance.CONFIRMED,
              random.nextInt(6) == 0,
              random.nextInt(6) == 0,
              random.nextInt(3) == 0 ? Duration.ofNanos(1 + random.nextInt(60)) : null,
              random.nextInt(4) == 0 ? "key " + random.nextInt(2) : null,
              Map.of());
      TestEntry entry = new TestEntry("m" + entries.size(), random.nextInt(44), options);
      note("send", entry, entry.size, options);
      entries.add(entry);
      NaiveOutbox.Item item = new NaiveOutbox.Item(entry.toString(), entry.size, options);
      items.put(entry, item);
      woken(outbox.accept(entry, now));
      model.accept(item, now);
    }

    private void cancel() {
      if (entries.isEmpty()) return;
      TestEntry entry = entries.get(random.nextInt(entries.size()));
      note("cancel", entry);
      same(outbox.cancel(entry), model.cancel(requireNonNull(items.get(entry))), "cancelled");
      if (random.nextInt(8) != 0) return;
      note("cancelQueued");
      same(outbox.cancelQueued(), model.cancelQueued(), "cancelled");
    }

    private void pauseOrResume() {
      model.paused = random.nextBoolean();
      note("paused", model.paused);
      if (model.paused) outbox.pause();
      else woken(outbox.resume());
      same(outbox.isPaused(), model.paused, "paused");
    }

    private void take() {
      // A transport has one writer, which says that it has written before it takes again.
      if (batchOut || asleep) return;
      long by = aGeneration();
      long maxBytes = random.nextInt(120);
      note("take", by, maxBytes);
      batch.clear();
      boolean something = outbox.take(by, batch, maxBytes, now);
      boolean ping = model.take(by, maxBytes, now);
      same(batch.messages().size(), model.lastBatch(), "batch size");
      same(batch.ping() != null, ping, "ping");
      same(something, ping || model.lastBatch() > 0, "something");
      if (batch.ping() != null) {
        pings.add(batch.ping());
        pingGenerations.add(by);
      }
      batchOut = something;
      asleep = !something && by == generation && model.attached();
    }

    /** A ping in the middle of a batch; it is flushed before the batch goes on. */
    private void takePing() {
      if (!batchOut) return;
      long by = aGeneration();
      note("takePing", by);
      byte[] ping = outbox.takePing(by, random.nextInt(120), now);
      Long number = model.takePing(by, now);
      same(ping != null, number != null, "ping within the batch");
      if (ping == null || number == null) return;
      pings.add(ping);
      pingGenerations.add(by);
      note("pingWritten", by);
      Outbox.PingFlushed flushed = outbox.pingWritten(by, now);
      same(flushed == null ? null : flushed.number(), number, "flushed");
    }

    /** Mostly the newest one's, sometimes the one before. */
    private long aGeneration() {
      return random.nextInt(8) == 0 ? Math.max(0, generation - 1) : generation;
    }

    private void written() {
      if (!batchOut && random.nextInt(4) != 0) return;
      long by = aGeneration();
      note("written", by);
      Outbox.PingFlushed flushed = outbox.written(by, now);
      same(flushed == null ? null : flushed.number(), model.written(by), "flushed");
      if (by == generation) batchOut = false;
    }

    private void pong() {
      if (pings.isEmpty()) return;
      int index = Math.max(0, pings.size() - 1 - random.nextInt(4));
      byte[] payload = pings.get(index).clone();
      boolean exact = random.nextInt(6) != 0;
      if (!exact) payload[random.nextInt(payload.length)] ^= (byte) 0x80;
      long by = aGeneration();
      boolean ofBy = exact && pingGenerations.get(index) == by;
      note("pong", index + 1, exact ? "" : "changed", "by", by);
      Outbox.Answer answer = outbox.pong(by, payload, now);
      Boolean awaitsMore = model.pong(by, ofBy ? index + 1 : -1);
      same(answer == null ? null : answer.awaitsMore(), awaitsMore, "answer");
    }

    private void pass() {
      now += random.nextInt(40);
      note("now", now);
    }

    private void expire() {
      note("expire");
      outbox.expire(now);
      model.expire(now);
    }

    private void wantPing() {
      note("wantPing");
      woken(outbox.wantPing());
      model.wantPing();
    }

    private void wakeForBarrier() {
      note("wakeForBarrier");
      woken(outbox.wakeForBarrier(now));
    }

    private void learnPongs() {
      PongSupport support = SUPPORTS.get(random.nextInt(SUPPORTS.size()));
      note("pongs", support);
      outbox.pongSupport(support);
      model.pongSupport(support);
    }

    private void changeTransport() {
      if (!model.attached()) {
        note("attach", ++generation);
        outbox.attach(generation, random.nextInt());
        model.attach(generation);
      } else if (!model.gateOpen()) {
        note("openGate");
        woken(outbox.openGate());
        model.openGate();
        return;
      } else {
        ConnectionException loss = new StreamBroken("loss " + generation, null);
        note("rewind");
        outbox.rewind(loss);
        model.rewind(loss);
      }
      batchOut = false;
      asleep = false;
    }

    private void note(Object... words) {
      if (!logging) return;
      log.append('\n');
      for (Object word : words) log.append(word).append(' ');
    }

    private void woken(boolean wake) {
      check(!wake || asleep, "somebody was woken who did not sleep");
      if (wake) asleep = false;
    }

    private void compare() {
      List<Entry> ended = TestEntry.allEnded(outbox);
      List<String> names = new ArrayList<>();
      for (Entry entry : ended) names.add(entry.toString());
      same(names, model.takeEnded(), "order of ends");
      for (Entry entry : ended) {
        same(entry.fate(), requireNonNull(items.get(entry)).fate, "fate");
      }
      same(outbox.snapshot(now), model.snapshot(now), "snapshot");
      same(outbox.inFlight(), model.snapshot(now).inFlight(), "in flight");
      same(outbox.unwrittenBytes(), model.unwrittenBytes(), "unwritten bytes");
      same(outbox.isEmpty(), model.items.isEmpty(), "empty");
      same(outbox.nanosToExpiry(now), model.nanosToExpiry(now), "expiry");
      same(outbox.awaitsPong(), model.awaitsPong(), "awaits pong");
      same(outbox.nanosToBarrier(now), asleep ? model.nanosToBarrier(now) : -1, "barrier");
      check(!asleep || !model.somethingForASleeper(), "the writer sleeps over something");
    }
  }

  /** The same in as few words as possible: one list, everything counted when asked for. */
  private static final class NaiveOutbox {
    private final Settings.Queue limits;
    final List<Item> items = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    // Of the transport: outstanding pings, oldest first; then what its pings ever covered.
    private final List<Ping> outstanding = new ArrayList<>();
    private final Set<Item> covered = new HashSet<>();
    private long transport = -1;
    private boolean gateOpen;
    private boolean paused;
    private boolean pingWanted;
    private long pings;
    private @Nullable Long lastPingAt;
    private PongSupport pongs = PongSupport.UNKNOWN;
    private int confirmations;
    private int lastBatch;

    private NaiveOutbox(Settings.Queue limits) {
      this.limits = limits;
    }

    private static final class Ping {
      private final long number;
      private final List<Item> covers;
      private boolean flushed;

      private Ping(long number, List<Item> covers) {
        this.number = number;
        this.covers = covers;
      }
    }

    private static final class Item {
      private final String name;
      private final int size;
      private final SendOptions options;
      private long sentAt;
      private boolean inFlight;
      private boolean written;
      private boolean handed;
      private int losses;
      private int lossesAfter;
      private @Nullable ConnectionException lastLoss;
      private @Nullable Fate fate;

      private Item(String name, int size, SendOptions options) {
        this.name = name;
        this.size = size;
        this.options = options;
      }

      private boolean isOfKey(@Nullable String key) {
        return key != null && key.equals(options.conflationKey());
      }

      private boolean confirmed() {
        return options.assurance() == Assurance.CONFIRMED;
      }

      private long expiresIn(long now) {
        Duration timeToLive = options.timeToLive();
        return timeToLive == null ? Long.MAX_VALUE : sentAt + timeToLive.toNanos() - now;
      }
    }

    void accept(Item item, long now) {
      item.sentAt = now;
      if (item.size > limits.maxMessageBytes() || item.size > limits.maxBytes()) {
        end(item, new Fate.Rejected(Fate.Rejected.Reason.TOO_LARGE));
        return;
      }
      List<Item> conflated = queuedOfKey(item);
      List<Item> evicted = new ArrayList<>();
      List<Item> left = new ArrayList<>(items);
      left.removeAll(conflated);
      left.add(item);
      for (Item each : queued()) {
        if (conflated.contains(each)) continue;
        if (fits(left) || limits.overflow() == Overflow.REJECT) break;
        evicted.add(each);
        left.remove(each);
      }
      if (!fits(left)) {
        end(item, new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL));
        return;
      }
      for (Item each : conflated) conflate(each);
      for (Item each : evicted) endQueued(each, new Fate.Evicted(), InDoubt.Reason.EVICTED);
      items.add(item);
    }

    private List<Item> queuedOfKey(Item item) {
      List<Item> result = queued();
      result.removeIf(each -> each == item || !each.isOfKey(item.options.conflationKey()));
      return result;
    }

    private void conflate(Item item) {
      endQueued(item, new Fate.Conflated(), InDoubt.Reason.CONFLATED);
    }

    private boolean fits(List<Item> all) {
      return all.size() <= limits.maxMessages() && bytes(all) <= limits.maxBytes();
    }

    boolean cancel(Item item) {
      if (item.fate != null || item.inFlight) return false;
      endQueued(item, new Fate.Cancelled(Fate.Cancelled.Reason.BY_APP), InDoubt.Reason.CANCELLED);
      return true;
    }

    int cancelQueued() {
      List<Item> all = queued();
      for (Item item : all) cancel(item);
      return all.size();
    }

    void expire(long now) {
      List<Item> expired = new ArrayList<>(queued());
      expired.removeIf(item -> item.expiresIn(now) > 0);
      expired.sort(Comparator.comparingLong(item -> item.expiresIn(now)));
      for (Item item : expired) endQueued(item, new Fate.Expired(), InDoubt.Reason.EXPIRED);
    }

    /** Returns whether a ping goes with what is taken. */
    boolean take(long by, long maxBytes, long now) {
      lastBatch = 0;
      if (transport < 0 || by != transport) return false;
      boolean pingDue = pingWanted || nanosToBarrier(now) == 0;
      long bytes = 0;
      long bytesTaken = 0;
      for (Item item : gateOpen && !paused ? queued() : List.<Item>of()) {
        if (item.expiresIn(now) <= 0) {
          endQueued(item, new Fate.Expired(), InDoubt.Reason.EXPIRED);
          continue;
        }
        bytes += item.size + 14;
        if (lastBatch > 0 && bytes > maxBytes) break;
        if (bytes > maxBytes && pingDue) break;
        lastBatch++;
        bytesTaken = bytes;
        item.inFlight = true;
        item.handed = true;
      }
      // Between the fragments of a large one a ping may have to go before this one.
      if (lastBatch == 1 && bytesTaken > maxBytes) return false;
      if (!pingWanted && nanosToBarrier(now) != 0) return false;
      ping(inFlight(), now);
      return true;
    }

    /**
     * Returns the number of a ping that goes in the middle of the batch, and is flushed at once.
     */
    @Nullable Long takePing(long by, long now) {
      if (transport < 0 || by != transport) return null;
      if (!outstanding.isEmpty() && !outstanding.get(outstanding.size() - 1).flushed) return null;
      List<Item> uncovered = uncovered();
      uncovered.removeIf(item -> !item.written);
      if (!pingWanted && nanosToBarrier(uncovered, now) != 0) return null;
      List<Item> covers = inFlight();
      covers.removeIf(item -> !item.written);
      ping(covers, now);
      outstanding.get(outstanding.size() - 1).flushed = true;
      return pings;
    }

    private void ping(List<Item> covers, long now) {
      if (outstanding.size() == 8) outstanding.remove(0);
      outstanding.add(new Ping(++pings, covers));
      covered.addAll(covers);
      pingWanted = false;
      lastPingAt = now;
    }

    int lastBatch() {
      return lastBatch;
    }

    /** Returns the ping that is flushed with it. */
    @Nullable Long written(long by) {
      if (transport < 0 || by != transport) return null;
      for (Item item : inFlight()) item.written = true;
      endWritten();
      if (outstanding.isEmpty()) return null;
      Ping newest = outstanding.get(outstanding.size() - 1);
      if (newest.flushed) return null;
      newest.flushed = true;
      return newest.number;
    }

    private void endWritten() {
      for (Item item : inFlight()) {
        if (!item.written) continue;
        if (item.confirmed() && pongs != PongSupport.NO) continue;
        boolean strict = item.confirmed() && item.options.requireConfirmation();
        end(item, strict ? new InDoubt(InDoubt.Reason.UNCONFIRMABLE, null) : new Fate.Written());
      }
    }

    /** Returns whether more is awaited; null if the pong answers nothing. */
    @Nullable Boolean pong(long by, long number) {
      if (transport < 0 || by != transport) return null;
      Ping answered = null;
      for (Ping ping : outstanding) if (ping.number == number) answered = ping;
      if (answered == null) return null;
      outstanding.removeIf(ping -> ping.number <= number);
      boolean some = false;
      for (Item item : answered.covers) {
        if (item.fate != null || !item.confirmed()) continue;
        end(item, new Fate.Confirmed());
        some = true;
      }
      if (some) confirmations++;
      return !outstanding.isEmpty();
    }

    void wantPing() {
      pingWanted = true;
    }

    void pongSupport(PongSupport support) {
      pongs = support;
      if (support == PongSupport.NO) endWritten();
    }

    void attach(long generation) {
      detach();
      transport = generation;
    }

    void openGate() {
      gateOpen = true;
    }

    private void detach() {
      transport = -1;
      gateOpen = false;
      pingWanted = false;
      outstanding.clear();
      covered.clear();
      lastPingAt = null;
    }

    void rewind(ConnectionException loss) {
      List<Item> lost = inFlight();
      detach();
      for (Item item : lost) {
        item.inFlight = false;
        item.written = false;
        item.lastLoss = loss;
        if (item.lossesAfter != confirmations) item.losses = 0;
        item.lossesAfter = confirmations;
        item.losses++;
        if (isConflated(item)) continue;
        if (item.options.atMostOnce()) {
          end(item, new InDoubt(InDoubt.Reason.RESEND_FORBIDDEN, loss));
        } else if (item.losses >= limits.resendLimit()) {
          end(item, new InDoubt(InDoubt.Reason.RESEND_LIMIT, loss));
        }
      }
    }

    private boolean isConflated(Item item) {
      boolean newer = false;
      for (Item other : queuedOfKey(item)) {
        if (items.indexOf(other) > items.indexOf(item)) newer = true;
        else conflate(other);
      }
      if (newer) conflate(item);
      return newer;
    }

    void endAll() {
      detach();
      for (Item item : List.copyOf(items)) {
        endQueued(
            item,
            new Fate.Cancelled(Fate.Cancelled.Reason.CONNECTION_CLOSED),
            InDoubt.Reason.CONNECTION_CLOSED);
      }
    }

    private void endQueued(Item item, Fate fate, InDoubt.Reason doubt) {
      end(item, item.handed ? new InDoubt(doubt, item.inFlight ? null : item.lastLoss) : fate);
    }

    private void end(Item item, Fate fate) {
      item.fate = fate;
      items.remove(item);
      ended.add(item.name);
    }

    List<String> takeEnded() {
      List<String> result = List.copyOf(ended);
      ended.clear();
      return result;
    }

    boolean attached() {
      return transport >= 0;
    }

    boolean gateOpen() {
      return gateOpen;
    }

    boolean somethingForASleeper() {
      return pingWanted || (gateOpen && !paused && !queued().isEmpty());
    }

    private List<Item> queued() {
      return itemsInFlight(false);
    }

    private List<Item> inFlight() {
      return itemsInFlight(true);
    }

    private List<Item> itemsInFlight(boolean inFlight) {
      List<Item> result = new ArrayList<>();
      for (Item item : items) if (item.inFlight == inFlight) result.add(item);
      return result;
    }

    private List<Item> uncovered() {
      List<Item> result = inFlight();
      result.removeIf(item -> !item.confirmed() || covered.contains(item));
      return result;
    }

    private static long bytes(List<Item> items) {
      long bytes = 0;
      for (Item item : items) bytes += item.size;
      return bytes;
    }

    QueueSnapshot snapshot(long now) {
      long age = 0;
      for (Item item : items) age = Math.max(age, now - item.sentAt);
      return new QueueSnapshot(
          queued().size(), inFlight().size(), bytes(items), Duration.ofNanos(age));
    }

    long unwrittenBytes() {
      long bytes = 0;
      for (Item item : items) if (!item.written) bytes += item.size;
      return bytes;
    }

    long nanosToExpiry(long now) {
      long nanos = Long.MAX_VALUE;
      for (Item item : queued()) nanos = Math.min(nanos, item.expiresIn(now));
      return nanos == Long.MAX_VALUE ? -1 : Math.max(0, nanos);
    }

    boolean awaitsPong() {
      return !inFlight().isEmpty() && !(outstanding.isEmpty() && uncovered().isEmpty());
    }

    long nanosToBarrier(long now) {
      return nanosToBarrier(uncovered(), now);
    }

    private long nanosToBarrier(List<Item> uncovered, long now) {
      if (uncovered.isEmpty() || pongs == PongSupport.NO) return -1;
      boolean many =
          uncovered.size() >= limits.maxMessages() / 4 || bytes(uncovered) >= limits.maxBytes() / 4;
      if (many && outstanding.size() < 8) return 0;
      if (!outstanding.isEmpty()) return -1;
      if (lastPingAt == null) return 0;
      return Math.max(0, lastPingAt + limits.barrierSpacing().toNanos() - now);
    }
  }

  private static void same(@Nullable Object actual, @Nullable Object expected, String what) {
    if (Objects.equals(actual, expected)) return;
    throw new AssertionError(what + " is " + actual + " but should be " + expected);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) throw new AssertionError(otherwise);
  }
}
