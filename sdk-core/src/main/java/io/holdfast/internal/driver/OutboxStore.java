package io.holdfast.internal.driver;

import io.holdfast.Assurance;
import io.holdfast.Clock;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.SendOptions;
import io.holdfast.internal.outbox.Outbox;
import io.holdfast.queue.Recovered;
import io.holdfast.queue.SendQueue;
import io.holdfast.queue.SendQueue.Refusal;
import io.holdfast.queue.StoredMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an outbox's messages in a {@link SendQueue}, in the outbox's order:
 *
 * <pre>
 *   accepted - - lane: append - - durable: may be taken
 *   ended    - - lane: release
 *   state    - - lane: saveState, after what was accepted before
 *   attached - - lane: handing - - ready: the gate opens
 *   rewound  - - lane: handed
 * </pre>
 *
 * The outbox's lock owns what waits for the lane; the lane, one task at a time, calls the queue
 * with no lock held.
 */
final class OutboxStore {
  private static final Logger log = LoggerFactory.getLogger(OutboxStore.class);
  private static final byte[] NO_STATE = {};

  private final SendQueue queue;
  private final Clock clock;
  private final SerialExecutor lane;
  private final Executor callbacks;
  private final OutboxRunner outbox;
  private final boolean acknowledging;
  private final Consumer<byte @Nullable []> onRead;
  private final CompletableFuture<List<Delivery>> recovered = new CompletableFuture<>();

  // The outbox's lock owns the fields below.
  private final ArrayDeque<KeptDelivery> changed = new ArrayDeque<>();
  // Of the protocol, perhaps empty.
  private byte[] unsavedState = NO_STATE;
  private long highestHanded;
  // A write is on its way to the lane.
  private boolean writing;

  // The lane owns the fields below.
  private boolean open;
  private boolean closed;

  OutboxStore(
      SendQueue queue,
      Clock clock,
      Executor io,
      Executor callbacks,
      OutboxRunner outbox,
      boolean acknowledging,
      Consumer<byte @Nullable []> onRead) {
    this.queue = queue;
    this.clock = clock;
    this.lane = new SerialExecutor(io);
    this.callbacks = callbacks;
    this.outbox = outbox;
    this.acknowledging = acknowledging;
    this.onRead = onRead;
  }

  CompletableFuture<List<Delivery>> recovered() {
    return recovered;
  }

  // ---- Under the outbox's lock

  void accepted(KeptDelivery delivery) {
    changed.add(delivery);
  }

  void ended(KeptDelivery delivery) {
    if (!(delivery.fate() instanceof Fate.Kept)) changed.add(delivery);
  }

  void taken(KeptDelivery delivery) {
    highestHanded = Math.max(highestHanded, delivery.sequence());
  }

  /** Whether {@link #write} must be called, now that there is something to write. */
  boolean startsToWrite() {
    if (changed.isEmpty() || writing) return false;
    writing = true;
    return true;
  }

  long highestHanded() {
    return highestHanded;
  }

  private List<KeptDelivery> takeChanged() {
    List<KeptDelivery> result = new ArrayList<>(changed);
    changed.clear();
    writing = false;
    return result;
  }

  // ---- From any thread

  void open() {
    lane.execute(this::openQueue);
  }

  void write() {
    lane.execute(this::writeChanged);
  }

  /** Keeps {@code state} in the place of the last one until {@link #write}, which has to follow. */
  void keepState(byte[] state) {
    outbox.locked(() -> unsavedState = state);
  }

  private void writeState() {
    byte[] state = outbox.locked(this::takeUnsavedState);
    if (state != NO_STATE && open) guarded(() -> queue.saveState(state));
  }

  private byte[] takeUnsavedState() {
    byte[] state = unsavedState;
    unsavedState = NO_STATE;
    return state;
  }

  /** Runs {@code ready} once messages may be handed to a transport. */
  void handing(Runnable ready) {
    lane.execute(
        () -> {
          if (open) noteHanding(ready);
          else ready.run();
        });
  }

  private void noteHanding(Runnable ready) {
    try {
      queue.handing(onDisk -> ready.run());
    } catch (Throwable e) {
      // The queue may be the app's; messages must not wait for it for ever.
      log.error("The send queue threw", e);
      ready.run();
    }
  }

  void handed(long upTo) {
    lane.execute(() -> noteHanded(upTo));
  }

  private void noteHanded(long upTo) {
    if (open) guarded(() -> queue.handed(upTo));
  }

  // The queue may be the app's, or its executor may refuse tasks.
  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      log.error("The send queue threw", e);
    }
  }

  /** Gives the queue up, once all that ended before is written, and runs {@code then}. */
  void close(Runnable then) {
    lane.execute(
        () -> {
          writeChanged();
          // Not what waits: the next life may send that even where a resend is forbidden.
          noteHanded(outbox.locked(this::highestHanded));
          boolean was = open;
          open = false;
          closed = true;
          if (was) closeQueue(then);
          else then.run();
        });
  }

  private void closeQueue(Runnable then) {
    try {
      queue.close(then);
    } catch (Throwable e) {
      // The queue may be the app's.
      log.error("The send queue threw when it was closed", e);
      then.run();
    }
  }

  // ---- On the lane

  private void openQueue() {
    boolean opened = false;
    try {
      Recovered found = queue.open();
      opened = true;
      List<Delivery> deliveries = restore(found);
      open = true;
      onRead.accept(found.state());
      // Before any message: what the protocol began with is what it numbers messages for.
      writeState();
      callbacks.execute(() -> recovered.complete(deliveries));
    } catch (Throwable e) {
      log.warn("The send queue could not be opened: every message is rejected", e);
      outbox.storeFailed();
      onRead.accept(null);
      if (opened) guarded(() -> queue.close(() -> {}));
      callbacks.execute(() -> recovered.completeExceptionally(e));
    }
  }

  private List<Delivery> restore(Recovered found) {
    for (Recovered.Unreadable unreadable : found.unreadable()) {
      log.warn("The send queue could not read all of it: {}", unreadable);
    }
    return restore(found.messages());
  }

  private List<Delivery> restore(List<Recovered.Kept> kept) {
    long nowMillis = clock.wallMillis();
    List<Delivery> deliveries = new ArrayList<>(kept.size());
    List<Outbox.Left> left = new ArrayList<>(kept.size());
    long handedUpTo = 0;
    for (Recovered.Kept one : kept) {
      StoredMessage stored = one.message();
      KeptDelivery delivery =
          new KeptDelivery(stored.message(), possible(stored.options()), outbox, this);
      delivery.accepted(one.sequence());
      deliveries.add(delivery);
      boolean handed = one.mayHaveBeenHanded();
      left.add(new Outbox.Left(delivery, ageNanos(stored, nowMillis), handed));
      if (handed) handedUpTo = one.sequence();
    }
    long upTo = handedUpTo;
    outbox.locked(() -> highestHanded = upTo);
    outbox.restore(left);
    // The last life may have died connected; what this one accepts is handed to nobody yet.
    guarded(() -> queue.handed(upTo));
    return Collections.unmodifiableList(deliveries);
  }

  // The last life's protocol may have given more than this one's does.
  private SendOptions possible(SendOptions options) {
    boolean tooMuch = options.assurance() == Assurance.ACKNOWLEDGED && !acknowledging;
    return tooMuch ? options.withAssurance(Assurance.CONFIRMED) : options;
  }

  // A wall clock that went back makes a message young again, and never older than it is.
  private static long ageNanos(StoredMessage stored, long nowMillis) {
    long millis = Math.max(0, nowMillis - stored.acceptedAtMillis());
    return Math.min(millis, Long.MAX_VALUE / 4_000_000) * 1_000_000;
  }

  private void writeChanged() {
    List<KeptDelivery> changes = outbox.locked(this::takeChanged);
    for (KeptDelivery delivery : changes) {
      if (delivery.fate() == null) append(delivery);
      else if (delivery.sequence() != 0 && open) release(delivery.sequence());
    }
    writeState();
  }

  private void release(long sequence) {
    guarded(() -> queue.release(sequence));
  }

  private void append(KeptDelivery delivery) {
    if (!open) {
      outbox.refused(
          delivery,
          closed ? Fate.Rejected.Reason.CONNECTION_CLOSED : Fate.Rejected.Reason.QUEUE_NOT_OPEN);
      return;
    }
    try {
      StoredMessage stored =
          new StoredMessage(delivery.message(), delivery.options(), clock.wallMillis());
      delivery.appended(queue.append(stored, new Told(delivery)));
    } catch (Throwable e) {
      // The queue may be the app's.
      log.error("The send queue threw", e);
      outbox.refused(delivery, Fate.Rejected.Reason.DISK_FAILED);
    }
  }

  private final class Told implements SendQueue.AppendCallback {
    private final KeptDelivery delivery;

    private Told(KeptDelivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public void durable(long sequence) {
      if (outbox.stored(delivery, sequence)) callbacks.execute(delivery::tellAccepted);
      else release(sequence);
    }

    @Override
    public void refused(long sequence, Refusal refusal) {
      log.warn("The send queue refused a message: {}", refusal.message(), refusal.cause());
      outbox.refused(delivery, reason(refusal.reason()));
    }
  }

  private static Fate.Rejected.Reason reason(Refusal.Reason reason) {
    return switch (reason) {
      case TOO_LARGE -> Fate.Rejected.Reason.TOO_LARGE;
      case QUEUE_FULL -> Fate.Rejected.Reason.QUEUE_FULL;
      case DISK_FULL -> Fate.Rejected.Reason.DISK_FULL;
      case DIRECTORY_GONE -> Fate.Rejected.Reason.DIRECTORY_GONE;
      case DISK_FAILED -> Fate.Rejected.Reason.DISK_FAILED;
      case CLOSED -> Fate.Rejected.Reason.CONNECTION_CLOSED;
    };
  }
}
