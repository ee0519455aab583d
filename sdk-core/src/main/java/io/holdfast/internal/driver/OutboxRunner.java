package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.Clock;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionMetrics;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.PongSupport;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.holdfast.internal.Settings;
import io.holdfast.internal.outbox.Entry;
import io.holdfast.internal.outbox.Outbox;
import io.holdfast.internal.telemetry.FateCounts;
import io.holdfast.queue.SendQueue;
import io.holdfast.transport.OutboundBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The outbox's lock, timers and consequences: whoever calls an operation wakes the writer, arms
 * timers and has fates told, all after the lock is released.
 */
final class OutboxRunner {
  private final Clock clock;
  private final Executor mailbox;
  private final Executor callbacks;
  private final Runnable wakeWriter;
  private final Runnable onDrained;
  private final Runnable onSettled;
  private final Runnable onAwaitsPong;
  private final Consumer<ConnectionEvent> onEvent;
  private final @Nullable OutboxStore store;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock owns the fields below.
  private final Outbox outbox;
  // Null, and so no memory, until a delivery has ended.
  private @Nullable FateCounts fates;
  // Whether a message found no room since the last look, and whether that was told.
  private boolean roomMissed;
  private boolean toldFull;
  private boolean barrierTimerArmed;
  private long barrierArmedForNanos;
  private boolean expiryTimerArmed;
  private long expiryArmedForNanos;
  private boolean tellScheduled;
  private boolean drainWatched;
  private boolean settledWatched;
  private boolean armScheduled;
  private boolean over;
  // Whether what an earlier life left is here, or there is nothing to wait for.
  private boolean storeRead;
  // Written under the lock, read by anyone.
  private volatile boolean awaitsPong;

  // The mailbox owns the timers.
  private Clock.@Nullable Timer barrierTimer;
  private Clock.@Nullable Timer expiryTimer;

  /**
   * Makes an empty one.
   *
   * @param queue keeps the messages; null if they live as long as this
   * @param acknowledging whether a protocol acknowledges
   * @param onRead gets the protocol's state that {@code queue} had kept, before anything is written
   * @param io where {@code queue} is opened and called
   * @param wakeWriter wakes the current transport's writer
   * @param onDrained runs once, when the outbox is empty after {@link #refuseAndWatch}
   * @param onSettled runs when nothing is in flight after {@link #shutGate}
   * @param onAwaitsPong runs when a pong begins to be awaited that confirms messages
   * @param onEvent is told, on the callback thread, what is worth an event
   */
  OutboxRunner(
      Settings.Queue limits,
      @Nullable SendQueue queue,
      boolean acknowledging,
      Consumer<byte @Nullable []> onRead,
      Executor io,
      Clock clock,
      Executor mailbox,
      Executor callbacks,
      Runnable wakeWriter,
      Runnable onDrained,
      Runnable onSettled,
      Runnable onAwaitsPong,
      Consumer<ConnectionEvent> onEvent) {
    this.outbox = new Outbox(limits, queue != null, acknowledging);
    this.store =
        queue == null
            ? null
            : new OutboxStore(queue, clock, io, callbacks, this, acknowledging, onRead);
    this.storeRead = queue == null;
    this.clock = clock;
    this.mailbox = mailbox;
    this.callbacks = callbacks;
    this.wakeWriter = wakeWriter;
    this.onDrained = onDrained;
    this.onSettled = onSettled;
    this.onAwaitsPong = onAwaitsPong;
    this.onEvent = onEvent;
  }

  // ---- For apps

  QueuedDelivery send(Message message, SendOptions options) {
    OutboxStore store = this.store;
    QueuedDelivery delivery =
        store == null
            ? new QueuedDelivery(message, options, this)
            : new KeptDelivery(message, options, this, store);
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      wake = outbox.accept(delivery, now);
      if (store != null && delivery.fate() == null) store.accepted((KeptDelivery) delivery);
    } finally {
      release(wake, now);
    }
    return delivery;
  }

  boolean cancel(Entry entry) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.cancel(entry);
    } finally {
      release(false, now);
    }
  }

  int cancelQueued() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.cancelQueued();
    } finally {
      release(false, now);
    }
  }

  void pause() {
    lock.lock();
    try {
      outbox.pause();
    } finally {
      lock.unlock();
    }
  }

  void resume() {
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      wake = outbox.resume();
    } finally {
      release(wake, now);
    }
  }

  boolean isPaused() {
    lock.lock();
    try {
      return outbox.isPaused();
    } finally {
      lock.unlock();
    }
  }

  void callback(Runnable task) {
    callbacks.execute(task);
  }

  QueueSnapshot snapshot() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.snapshot(now);
    } finally {
      lock.unlock();
    }
  }

  ConnectionMetrics.Deliveries deliveries() {
    return locked(() -> fates == null ? FateCounts.NONE : fates.snapshot());
  }

  ConnectionMetrics.Traffic sent() {
    return locked(() -> new ConnectionMetrics.Traffic(outbox.sentMessages(), outbox.sentBytes()));
  }

  long unwrittenBytes() {
    lock.lock();
    try {
      return outbox.unwrittenBytes();
    } finally {
      lock.unlock();
    }
  }

  // ---- For the transport

  boolean take(long generation, OutboundBatch batch, long maxBytes) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.take(generation, batch, maxBytes, now);
    } finally {
      release(false, now);
    }
  }

  Outbox.@Nullable PingFlushed written(long generation) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.written(generation, now);
    } finally {
      release(false, now);
    }
  }

  byte @Nullable [] takePing(long generation, long bytes) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.takePing(generation, bytes, now);
    } finally {
      release(false, now);
    }
  }

  Outbox.@Nullable PingFlushed pingWritten(long generation) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.pingWritten(generation, now);
    } finally {
      release(false, now);
    }
  }

  Outbox.@Nullable Answer pong(long generation, byte[] payload) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return outbox.pong(generation, payload, now);
    } finally {
      release(false, now);
    }
  }

  /** Whether a pong is awaited that confirms messages. */
  boolean awaitsPong() {
    return awaitsPong;
  }

  // ---- For the protocol, with its lock held: what follows is left to `settle`

  /** Does as {@link #take}, and adds to {@code all} what was taken. */
  boolean take(long generation, OutboundBatch batch, long maxBytes, List<Outbox.Taken> all) {
    long now = clock.nanoTime();
    return locked(
        () -> {
          boolean taken = outbox.take(generation, batch, maxBytes, now);
          if (taken && !batch.messages().isEmpty()) outbox.lastTaken(all);
          return taken;
        });
  }

  /** These went on the wire with the sequences from {@code firstSequence} on. */
  void encoded(long generation, List<Entry> entries, long firstSequence) {
    lock.lock();
    try {
      long sequence = firstSequence;
      for (Entry entry : entries) outbox.encoded(generation, entry, sequence++);
    } finally {
      lock.unlock();
    }
  }

  @Nullable Entry sendAgain(long generation, long id) {
    lock.lock();
    try {
      return outbox.sendAgain(generation, id);
    } finally {
      lock.unlock();
    }
  }

  List<Entry> handedBefore() {
    return locked(outbox::handedBefore);
  }

  void keepState(byte[] state) {
    if (store != null) store.keepState(state);
  }

  // ---- For the protocol, without its lock

  /** Does what the operations before made necessary. */
  void settle() {
    change(() -> {});
  }

  void notEncoded(long generation, Entry entry) {
    change(() -> outbox.notEncoded(generation, entry));
  }

  void acknowledged(long id, @Nullable Message answer) {
    change(() -> outbox.acknowledged(id, answer));
  }

  void acknowledgedThrough(long generation, long sequence) {
    change(() -> outbox.acknowledgedThrough(generation, sequence));
  }

  void resumed(long id) {
    change(() -> outbox.resumed(id));
  }

  void refusedByPeer(long id, String reason) {
    change(() -> outbox.refusedByPeer(id, reason));
  }

  void doubt(List<Entry> entries) {
    change(() -> entries.forEach(outbox::doubt));
  }

  void writeState() {
    if (store != null) store.write();
  }

  private void change(Runnable change) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      change.run();
    } finally {
      release(false, now);
    }
  }

  // ---- For the driver, on its mailbox

  void open(long generation, int nonce) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      outbox.attach(generation, nonce);
      if (store == null) outbox.openGate();
    } finally {
      // The writer may have asked before it was attached, and gone to sleep.
      release(true, now);
    }
    if (store != null) store.handing(() -> openGate(generation));
  }

  private void openGate(long generation) {
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      if (outbox.isAttached(generation)) wake = outbox.openGate();
    } finally {
      release(wake, now);
    }
  }

  /** Has {@code onSettled} run once each message that was handed over has its fate. */
  void shutGate() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      outbox.shutGate();
      settledWatched = true;
    } finally {
      release(false, now);
    }
  }

  void unshutGate() {
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      settledWatched = false;
      wake = outbox.unshutGate();
    } finally {
      release(wake, now);
    }
  }

  void wantPing() {
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      wake = outbox.wantPing();
    } finally {
      release(wake, now);
    }
  }

  /** Returns how many messages were in flight. */
  int rewind(ConnectionException cause) {
    long now = clock.nanoTime();
    int inFlight = 0;
    long handedUpTo = 0;
    lock.lock();
    try {
      inFlight = outbox.inFlight();
      outbox.rewind(cause);
      if (store != null) handedUpTo = store.highestHanded();
    } finally {
      release(false, now);
    }
    if (store != null) store.handed(handedUpTo);
    return inFlight;
  }

  void learnPongs(PongSupport support) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      outbox.pongSupport(support);
    } finally {
      release(false, now);
    }
  }

  void endAll() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      drainWatched = false;
      over = true;
      outbox.endAll();
    } finally {
      release(false, now);
    }
    armTimers();
  }

  // ---- For the driver, from any thread

  void refuseAll() {
    lock.lock();
    try {
      outbox.refuseAll();
    } finally {
      lock.unlock();
    }
  }

  void refuseAndWatch() {
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      outbox.refuseAll();
      drainWatched = true;
      wake = outbox.resume();
    } finally {
      release(wake, now);
    }
  }

  // ---- For the store

  /** Returns what the previous life left, once it is known. */
  CompletableFuture<List<Delivery>> recovered() {
    return store == null ? CompletableFuture.completedFuture(List.of()) : store.recovered();
  }

  void openStore() {
    if (store != null) store.open();
  }

  /** Runs {@code then} once the store has been given up. */
  void closeStore(Runnable then) {
    requireNonNull(store).close(then);
  }

  <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  void restore(List<Outbox.Left> all) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      storeRead = true;
      outbox.restore(all, now);
      if (over) outbox.endAll();
    } finally {
      release(false, now);
    }
  }

  /** There is no store to read. */
  void storeFailed() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      storeRead = true;
    } finally {
      release(false, now);
    }
  }

  /** Returns whether {@code delivery} is accepted now; otherwise it has ended before. */
  boolean stored(KeptDelivery delivery, long sequence) {
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      if (delivery.fate() != null) return false;
      delivery.accepted(sequence);
      wake = outbox.stored(delivery);
      return true;
    } finally {
      release(wake, now);
    }
  }

  void refused(KeptDelivery delivery, Fate.Rejected.Reason reason) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      if (!delivery.accepted()) outbox.refused(delivery, reason);
    } finally {
      release(false, now);
    }
  }

  // ---- For deliveries

  /** One has its fate. Called under the lock. */
  void ended(Fate fate) {
    FateCounts counts = fates;
    if (counts == null) fates = counts = new FateCounts();
    counts.count(fate);
    if (!fate.delivered()) roomMissed |= lackedRoom(fate);
  }

  private static boolean lackedRoom(Fate fate) {
    if (fate instanceof Fate.Rejected rejected) {
      return rejected.reason() == Fate.Rejected.Reason.QUEUE_FULL;
    }
    if (fate instanceof Fate.InDoubt inDoubt) {
      return inDoubt.reason() == Fate.InDoubt.Reason.EVICTED;
    }
    return fate instanceof Fate.Evicted;
  }

  // ---- Consequences

  /** Releases the lock, then does what the operation made necessary. */
  private void release(boolean wake, long nowNanos) {
    boolean tell = outbox.hasEnded() && !tellScheduled;
    tellScheduled |= tell;
    boolean drained = drainWatched && storeRead && outbox.isEmpty();
    drainWatched &= !drained;
    boolean settled = settledWatched && outbox.isSettled();
    settledWatched &= !settled;
    boolean awaitedBefore = awaitsPong;
    awaitsPong = outbox.awaitsPong();
    boolean awaitsNow = awaitsPong && !awaitedBefore;
    boolean arm = !armScheduled && timersLate(nowNanos);
    armScheduled |= arm;
    OutboxStore store = this.store;
    boolean write = store != null && store.startsToWrite();
    ConnectionEvent fullness = roomMissed || toldFull ? takeFullness(nowNanos) : null;
    lock.unlock();

    if (write) requireNonNull(store).write();
    if (wake) wakeWriter.run();
    if (fullness != null) callbacks.execute(() -> onEvent.accept(fullness));
    if (tell) callbacks.execute(this::tellEnded);
    if (awaitsNow) onAwaitsPong.run();
    if (arm) mailbox.execute(this::armTimers);
    if (drained) onDrained.run();
    if (settled) onSettled.run();
  }

  // With a distance between the two, or each message that ends would be news.
  private @Nullable ConnectionEvent takeFullness(long nowNanos) {
    boolean full = roomMissed;
    roomMissed = false;
    if (full == toldFull || (toldFull && !outbox.isHalfFree())) return null;
    toldFull = full;
    return full
        ? new ConnectionEvent.QueueFilled(outbox.snapshot(nowNanos))
        : new ConnectionEvent.QueueHasRoom(outbox.snapshot(nowNanos));
  }

  private boolean timersLate(long nowNanos) {
    long barrierInNanos = outbox.nanosToBarrier(nowNanos);
    // The last barrier of a drain comes before the end of the spacing.
    boolean barrierLate =
        barrierInNanos >= 0
            && (!barrierTimerArmed || nowNanos + barrierInNanos - barrierArmedForNanos < 0);
    long expiryInNanos = outbox.nanosToExpiry(nowNanos);
    boolean expiryLate =
        expiryInNanos >= 0
            && (!expiryTimerArmed || nowNanos + expiryInNanos - expiryArmedForNanos < 0);
    return barrierLate || expiryLate;
  }

  private void armTimers() {
    long now = clock.nanoTime();
    long barrierInNanos;
    long expiryInNanos;
    lock.lock();
    try {
      armScheduled = false;
      barrierInNanos = outbox.nanosToBarrier(now);
      barrierTimerArmed = barrierInNanos >= 0;
      barrierArmedForNanos = now + barrierInNanos;
      expiryInNanos = outbox.nanosToExpiry(now);
      expiryTimerArmed = expiryInNanos >= 0;
      expiryArmedForNanos = now + expiryInNanos;
    } finally {
      lock.unlock();
    }
    barrierTimer = restart(barrierTimer, this::onBarrierTimer, barrierInNanos);
    expiryTimer = restart(expiryTimer, this::onExpiryTimer, expiryInNanos);
  }

  private Clock.@Nullable Timer restart(
      Clock.@Nullable Timer running, Runnable task, long delayNanos) {
    if (running != null) running.stop();
    return delayNanos < 0 ? null : clock.schedule(() -> mailbox.execute(task), delayNanos);
  }

  private void onBarrierTimer() {
    long now = clock.nanoTime();
    boolean wake = false;
    lock.lock();
    try {
      barrierTimerArmed = false;
      wake = outbox.wakeForBarrier(now);
    } finally {
      release(wake, now);
    }
  }

  private void onExpiryTimer() {
    long now = clock.nanoTime();
    lock.lock();
    try {
      expiryTimerArmed = false;
      outbox.expire(now);
    } finally {
      release(false, now);
    }
  }

  private void tellEnded() {
    Entry ended;
    lock.lock();
    try {
      tellScheduled = false;
      ended = outbox.ended();
    } finally {
      lock.unlock();
    }
    while (ended != null) {
      QueuedDelivery delivery = (QueuedDelivery) ended;
      // Or a delivery that an app keeps would keep all later ones.
      ended = ended.takeNextEnded();
      delivery.tell();
      Fate fate = requireNonNull(delivery.fate());
      if (!fate.delivered()) {
        onEvent.accept(new ConnectionEvent.NotDelivered(delivery.id(), fate));
      }
    }
  }
}
