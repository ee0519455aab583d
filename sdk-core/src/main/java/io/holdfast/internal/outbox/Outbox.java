package io.holdfast.internal.outbox;

import static java.util.Objects.requireNonNull;

import io.holdfast.Assurance;
import io.holdfast.ConnectionException;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.Overflow;
import io.holdfast.PongSupport;
import io.holdfast.QueueSnapshot;
import io.holdfast.internal.Settings;
import io.holdfast.internal.outbox.Entry.Place;
import io.holdfast.transport.OutboundBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Accepted messages in one sequence, with a cursor between those that a transport has and those
 * that wait:
 *
 * <pre>
 *   head                unwritten            cursor             tail
 *    | WRITTEN WRITTEN    | TAKEN TAKEN        | QUEUED QUEUED    |
 *    '--------- in flight: point of no return -'--- may be cancelled, expired, evicted
 * </pre>
 *
 * A lost transport rewinds the cursor to the head. Whatever ends leaves at once and is collected
 * for {@link #ended}. Nothing here does I/O, runs app code or looks at each message of a long
 * queue, but for {@link #rewind} and {@link #endAll}, which happen once for a transport.
 *
 * <p>Not safe for use by several threads: its owner holds a lock around each call.
 */
public final class Outbox {
  // What a message costs on the wire beside its payload, so that empty ones count as well.
  private static final int FRAME_OVERHEAD = 14;
  private static final long NO_TRANSPORT = -1;
  // One each for all messages: most end so.
  private static final Fate WRITTEN = new Fate.Written();
  private static final Fate CONFIRMED = new Fate.Confirmed();
  private static final Fate ACKNOWLEDGED = new Fate.Acknowledged(null);

  private final Settings.Queue limits;
  private final long spacingNanos;
  private final Barriers barriers = new Barriers();
  private final TreeSet<Entry> byExpiry = new TreeSet<>(Entry.BY_EXPIRY);
  // Of each key at most one message is queued.
  private final Map<String, Entry> queuedByKey = new HashMap<>();
  // Linked by `next` like the others, so that an end costs no memory.
  private @Nullable Entry firstEnded;
  private @Nullable Entry lastEnded;

  private @Nullable Entry head;
  private @Nullable Entry tail;
  private @Nullable Entry unwritten;
  private @Nullable Entry cursor;
  private long lastSequence;
  // How many of the first numbers an earlier life left.
  private long restored;
  private int queued;
  private int inFlight;
  private long queuedBytes;
  private long inFlightBytes;
  private long unwrittenBytes;

  private long generation = NO_TRANSPORT;
  private int nonce;
  private boolean gateOpen;
  // Another transport is about to take the place of the one that is attached.
  private boolean gateShut;
  private boolean paused;
  private boolean accepting = true;
  // Null if no protocol acknowledges.
  private final @Nullable Numbered numbered;
  // Whether a message may be taken only once its store has it, and the first that is not there.
  private final boolean storing;
  private @Nullable Entry firstUnstored;
  private int unstored;
  private long unstoredBytes;
  // The writer found nothing and must be woken.
  private boolean parked;
  private boolean pingWanted;
  private PongSupport pongs = PongSupport.UNKNOWN;
  // Of the live transport; what lies between is uncovered, where it wants confirmation.
  private long lastTaken;
  private long lastCovered;
  private int uncovered;
  private long uncoveredBytes;
  // What the kernel has of it, and how much of the uncovered it has not.
  private long lastWritten;
  private int unwrittenUncovered;
  private long unwrittenUncoveredBytes;
  private long lastPingAtNanos;
  private boolean pingedBefore;
  private long confirmations;
  // Of all transports.
  private long sentMessages;
  private long sentBytes;

  /** Makes an empty one that needs no store. */
  public Outbox(Settings.Queue limits) {
    this(limits, false, false);
  }

  /**
   * Makes an empty one.
   *
   * @param storing whether {@link #stored} or {@link #refused} follows for each accepted message,
   *     in order, and {@link #restore} comes before the first of them
   * @param acknowledging whether a protocol acknowledges what it has {@link #encoded}
   */
  public Outbox(Settings.Queue limits, boolean storing, boolean acknowledging) {
    this.limits = limits;
    this.storing = storing;
    this.numbered = acknowledging ? new Numbered() : null;
    this.spacingNanos = limits.barrierSpacing().toNanos();
  }

  // ---- Accepting

  /**
   * Adds {@code entry} at the end, or ends it rejected.
   *
   * @return whether the writer must be woken
   */
  public boolean accept(Entry entry, long nowNanos) {
    Fate.Rejected.Reason refusal = refusal(entry);
    if (refusal != null) {
      entry.end(new Fate.Rejected(refusal));
      collect(entry);
      return false;
    }
    if (!storing) makeRoom(entry);
    entry.sequence = ++lastSequence;
    entry.acceptedAtNanos = nowNanos;
    if (storing) awaitStore(entry);
    append(entry);
    enqueued(entry);
    unwrittenBytes += entry.size;
    if (cursor == null) cursor = entry;
    return unpark(flows() && hasTakeable());
  }

  private void makeRoom(Entry entry) {
    Entry older = queuedOfKey(entry);
    if (older != null) conflate(older);
    while (!fits(entry, queued, queuedBytes)) evictOldest();
  }

  private void awaitStore(Entry entry) {
    if (firstUnstored == null) firstUnstored = entry;
    unstored++;
    unstoredBytes += entry.size;
  }

  private boolean hasTakeable() {
    return cursor != null && cursor != firstUnstored;
  }

  // ---- The store

  /** The store has {@code entry}. Returns whether the writer must be woken. */
  public boolean stored(Entry entry) {
    if (entry.place == Place.OUTSIDE) return false;
    if (entry != firstUnstored) throw new AssertionError("stored out of order");
    leftStore(entry);
    firstUnstored = entry.next;
    // Not before: what the store refuses must cost no other its place.
    String key = entry.options().conflationKey();
    if (key != null && !isConflated(entry)) queuedByKey.put(key, entry);
    boolean evicting = limits.overflow() == Overflow.EVICT_OLDEST;
    // What an earlier life left, and is in flight, may be more than the bound alone.
    while (evicting && isOverfull() && hasTakeable()) evictOldest();
    return unpark(flows() && hasTakeable());
  }

  private void leftStore(Entry entry) {
    unstored--;
    unstoredBytes -= entry.size;
  }

  private boolean isUnstored(Entry entry) {
    return firstUnstored != null && entry.sequence >= firstUnstored.sequence;
  }

  private boolean isOverfull() {
    return inFlight + queued - unstored > limits.maxMessages()
        || inFlightBytes + queuedBytes - unstoredBytes > limits.maxBytes();
  }

  /** The store does not take {@code entry}. */
  public void refused(Entry entry, Fate.Rejected.Reason reason) {
    if (entry.place == Place.QUEUED && isUnstored(entry)) end(entry, new Fate.Rejected(reason));
  }

  /**
   * A message that an earlier life left.
   *
   * @param ageNanos how long ago it was accepted
   * @param handed whether a transport may have had it
   */
  public record Left(Entry entry, long ageNanos, boolean handed) {}

  /** Puts what an earlier life left before all else, whatever the bounds. */
  public void restore(List<Left> all, long nowNanos) {
    Entry later = head;
    head = null;
    tail = null;
    cursor = null;
    restored = all.size();
    lastSequence = restored;
    for (Entry entry = later; entry != null; entry = entry.next) entry.sequence = ++lastSequence;
    long sequence = 0;
    for (Left left : all) {
      Entry entry = left.entry();
      entry.sequence = ++sequence;
      entry.acceptedAtNanos = nowNanos - left.ageNanos();
      if (left.handed()) entry.losses = new Entry.Losses(null);
      append(entry);
      enqueued(entry);
      unwrittenBytes += entry.size;
      endUnlessSentAgain(entry);
    }
    while (later != null) {
      Entry next = later.next;
      later.next = null;
      append(later);
      later = next;
    }
    cursor = head;
    expire(nowNanos);
  }

  private void endUnlessSentAgain(Entry entry) {
    if (isConflated(entry)) return;
    if (entry.wasHanded() && entry.options().atMostOnce()) {
      end(entry, new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_FORBIDDEN, null));
    }
  }

  private Fate.Rejected.@Nullable Reason refusal(Entry entry) {
    if (!accepting) return Fate.Rejected.Reason.CONNECTION_CLOSED;
    if (entry.size > limits.maxMessageBytes() || entry.size > limits.maxBytes()) {
      return Fate.Rejected.Reason.TOO_LARGE;
    }
    return hasRoom(entry) ? null : Fate.Rejected.Reason.QUEUE_FULL;
  }

  private boolean hasRoom(Entry entry) {
    if (limits.overflow() == Overflow.EVICT_OLDEST) return fits(entry, unstored, unstoredBytes);
    Entry older = storing ? null : queuedOfKey(entry);
    if (older == null) return fits(entry, queued, queuedBytes);
    return fits(entry, queued - 1, queuedBytes - older.size);
  }

  private boolean fits(Entry entry, int othersQueued, long othersBytes) {
    return inFlight + othersQueued < limits.maxMessages()
        && inFlightBytes + othersBytes + entry.size <= limits.maxBytes();
  }

  private void evictOldest() {
    Entry oldest = cursor;
    if (oldest == null) throw new AssertionError("nothing is queued");
    end(oldest, unlessHanded(oldest, new Fate.Evicted(), Fate.InDoubt.Reason.EVICTED));
  }

  private @Nullable Entry queuedOfKey(Entry entry) {
    String key = entry.options().conflationKey();
    return key == null ? null : queuedByKey.get(key);
  }

  private void conflate(Entry older) {
    end(older, unlessHanded(older, new Fate.Conflated(), Fate.InDoubt.Reason.CONFLATED));
  }

  /** Refuses every message from now on. */
  public void refuseAll() {
    accepting = false;
  }

  // ---- The life of a transport

  /** Lets a new transport take; messages only once the gate is open. */
  public void attach(long generation, int nonce) {
    this.generation = generation;
    this.nonce = nonce;
    barriers.reset();
    // The last transport's messages are none of this one's, whatever their numbers.
    lastTaken = 0;
    lastWritten = 0;
    allCovered();
    parked = false;
    pingWanted = false;
    pingedBefore = false;
    gateShut = false;
  }

  /** Lets messages flow: the protocol is ready. Returns whether the writer must be woken. */
  public boolean openGate() {
    gateOpen = true;
    return unpark(flows() && hasTakeable());
  }

  /** Lets no more messages flow to the transport that is attached; its pings go on. */
  public void shutGate() {
    gateShut = true;
  }

  /** Ends {@link #shutGate}. Returns whether the writer must be woken. */
  public boolean unshutGate() {
    gateShut = false;
    return unpark(flows() && hasTakeable());
  }

  /** Returns whether {@link #shutGate} holds, and nothing that was taken is without a fate. */
  public boolean isSettled() {
    return gateShut && inFlight == 0;
  }

  /** Returns whether {@code generation} is the transport that may take. */
  public boolean isAttached(long generation) {
    return generation == this.generation;
  }

  /** Lets no message flow until {@link #resume}. */
  public void pause() {
    paused = true;
  }

  /** Ends {@link #pause}. Returns whether the writer must be woken. */
  public boolean resume() {
    paused = false;
    return unpark(flows() && hasTakeable());
  }

  /** Returns whether {@link #pause} holds. */
  public boolean isPaused() {
    return paused;
  }

  private boolean flows() {
    return gateOpen && !gateShut && !paused;
  }

  /**
   * Gives the writer of {@code generation} what is to be written next. What it gets is in flight.
   *
   * @return false if there is nothing: the writer is then told when to ask again
   */
  public boolean take(long generation, OutboundBatch batch, long maxBytes, long nowNanos) {
    if (generation != this.generation) return false;
    boolean roomForPing = !flows() || takeMessages(batch, maxBytes, nowNanos);
    if (roomForPing && pingDue(nowNanos)) takePing(batch, nowNanos);
    parked = batch.messages().isEmpty() && batch.ping() == null;
    return !parked;
  }

  /**
   * Returns whether a ping may follow. None is numbered before a large message is written, for one
   * that goes between its fragments has to come before.
   */
  private boolean takeMessages(OutboundBatch batch, long maxBytes, long nowNanos) {
    long wireBytes = 0;
    for (Entry entry = cursor; entry != null && entry != firstUnstored; entry = cursor) {
      if (entry.expires() && entry.expiresAtNanos() - nowNanos <= 0) {
        expire(entry);
        continue;
      }
      long wireBytesThen = wireBytes + entry.size + FRAME_OVERHEAD;
      // What is large takes no ping with it, so one that is due goes first: a writer of nothing but
      // large messages may have no gaps for pings.
      if (wireBytesThen > maxBytes && (!batch.messages().isEmpty() || pingDue(nowNanos))) break;
      wireBytes = wireBytesThen;
      take(entry);
      batch.add(entry.message());
    }
    if (wireBytes > 0) barriers.took(wireBytes, nowNanos);
    return wireBytes <= maxBytes;
  }

  private void take(Entry entry) {
    entry.taken();
    dequeued(entry);
    entry.place = Place.TAKEN;
    inFlight++;
    inFlightBytes += entry.size;
    if (unwritten == null) unwritten = entry;
    cursor = entry.next;
    lastTaken = entry.sequence;
    if (entry.wantsConfirmation()) {
      uncovered++;
      uncoveredBytes += entry.size;
      unwrittenUncovered++;
      unwrittenUncoveredBytes += entry.size;
    }
  }

  private void takePing(OutboundBatch batch, long nowNanos) {
    Barriers.Barrier barrier = barriers.add(lastTaken, nowNanos);
    barrier.confirms = uncovered > 0;
    allCovered();
    batch.ping(numbered(barrier, nowNanos));
  }

  /**
   * Gives the writer of {@code generation}, in the middle of a batch, a ping that cannot wait for
   * the batch's end. It covers what was written before the batch.
   *
   * @param bytes of the batch that come before the ping
   * @return null if none is due, or if one is numbered already that goes with the batch
   */
  public byte @Nullable [] takePing(long generation, long bytes, long nowNanos) {
    if (generation != this.generation || barriers.awaitsFlush()) return null;
    if (!pingWanted && nanosToBarrierWithinBatch(nowNanos) != 0) return null;
    Barriers.Barrier barrier = barriers.addWithinBatch(lastWritten, bytes, nowNanos);
    barrier.confirms = uncovered > unwrittenUncovered;
    lastCovered = lastWritten;
    uncovered = unwrittenUncovered;
    uncoveredBytes = unwrittenUncoveredBytes;
    return numbered(barrier, nowNanos);
  }

  private byte[] numbered(Barriers.Barrier barrier, long nowNanos) {
    pingWanted = false;
    lastPingAtNanos = nowNanos;
    pingedBefore = true;
    return PingPayload.encode(nonce, barrier.number);
  }

  private void allCovered() {
    lastCovered = lastTaken;
    uncovered = 0;
    uncoveredBytes = 0;
    unwrittenUncovered = 0;
    unwrittenUncoveredBytes = 0;
  }

  private boolean pingDue(long nowNanos) {
    return pingWanted || barrierDue(nowNanos);
  }

  private boolean barrierDue(long nowNanos) {
    return nanosToNextBarrier(nowNanos) == 0;
  }

  private long nanosToNextBarrier(long nowNanos) {
    // The last barrier of a drain: nothing more comes that could share it.
    boolean atLast = !accepting && cursor == null && barriers.isEmpty();
    long nanos = nanosToNextBarrier(uncovered, uncoveredBytes, nowNanos);
    return nanos > 0 && atLast ? 0 : nanos;
  }

  private long nanosToBarrierWithinBatch(long nowNanos) {
    return nanosToNextBarrier(
        uncovered - unwrittenUncovered, uncoveredBytes - unwrittenUncoveredBytes, nowNanos);
  }

  private long nanosToNextBarrier(int toCover, long bytesToCover, long nowNanos) {
    if (toCover == 0 || pongs == PongSupport.NO) return -1;
    // Otherwise the spacing would bound the rate: an outbox for each barrier.
    boolean manyUncovered =
        toCover >= limits.maxMessages() / 4 || bytesToCover >= limits.maxBytes() / 4;
    if (manyUncovered && barriers.hasRoom()) return 0;
    return barriers.isEmpty() ? nanosToSpacing(nowNanos) : -1;
  }

  private long nanosToSpacing(long nowNanos) {
    return pingedBefore ? Math.max(0, lastPingAtNanos + spacingNanos - nowNanos) : 0;
  }

  /**
   * Returns how long until the writer must be woken for a barrier; negative if for none. A pong
   * that is awaited comes first; a writer that is at work looks for itself.
   */
  public long nanosToBarrier(long nowNanos) {
    return parked ? nanosToNextBarrier(nowNanos) : -1;
  }

  /** Has the writer send a ping next. Returns whether it must be woken. */
  public boolean wantPing() {
    pingWanted = true;
    return unpark(true);
  }

  /** Returns whether the writer must be woken for a barrier whose time has come. */
  public boolean wakeForBarrier(long nowNanos) {
    return barrierDue(nowNanos) && unpark(true);
  }

  private boolean unpark(boolean somethingToTake) {
    if (!parked || !somethingToTake) return false;
    parked = false;
    return true;
  }

  /**
   * The kernel has all that {@code generation} took.
   *
   * @return the ping that went with it, null if none did or its transport is gone
   */
  public @Nullable PingFlushed written(long generation, long nowNanos) {
    if (generation != this.generation) return null;
    Entry entry = unwritten;
    while (entry != null && entry != cursor) {
      Entry next = entry.next;
      unwrittenBytes -= entry.size;
      sentMessages++;
      sentBytes += entry.size;
      entry.place = Place.WRITTEN;
      Fate known = fateOnceWritten(entry);
      if (known != null) end(entry, known);
      entry = next;
    }
    unwritten = null;
    lastWritten = lastTaken;
    unwrittenUncovered = 0;
    unwrittenUncoveredBytes = 0;
    barriers.wrote();
    return pingFlushed(nowNanos);
  }

  /**
   * The kernel has the ping that {@code generation} took with {@link #takePing}.
   *
   * @return null if its transport is gone
   */
  public @Nullable PingFlushed pingWritten(long generation, long nowNanos) {
    return generation == this.generation ? pingFlushed(nowNanos) : null;
  }

  private @Nullable PingFlushed pingFlushed(long nowNanos) {
    Barriers.Barrier barrier = barriers.flushed(nowNanos);
    if (barrier == null) return null;
    return new PingFlushed(barrier.number, barrier.confirms, barriers.allowanceNanos());
  }

  /**
   * A ping that the kernel has taken.
   *
   * @param confirms whether its pong will confirm messages that no earlier one does
   * @param allowanceNanos how much later than usual its pong may come, for the bytes before it
   */
  public record PingFlushed(long number, boolean confirms, long allowanceNanos) {}

  private @Nullable Fate fateOnceWritten(Entry entry) {
    if (entry.options().assurance() == Assurance.WRITTEN) return WRITTEN;
    if (!entry.wantsConfirmation()) return null;
    if (pongs != PongSupport.NO) return null;
    return entry.options().requireConfirmation()
        ? new Fate.InDoubt(Fate.InDoubt.Reason.UNCONFIRMABLE, null)
        : WRITTEN;
  }

  /**
   * A pong came: ends all that it confirms.
   *
   * @return null if it answers no outstanding ping of ours
   */
  public @Nullable Answer pong(long generation, byte[] payload, long nowNanos) {
    if (generation != this.generation) return null;
    long number = PingPayload.decode(nonce, payload);
    Barriers.Barrier barrier = number < 0 ? null : barriers.answered(number, nowNanos);
    if (barrier == null) return null;
    Entry endedBefore = lastEnded;
    Entry entry = head;
    while (entry != null && entry != cursor && entry.sequence <= barrier.lastCovered) {
      Entry next = entry.next;
      if (entry.wantsConfirmation()) end(entry, CONFIRMED);
      entry = next;
    }
    if (lastEnded != endedBefore) confirmations++;
    return new Answer(
        barrier.number,
        nowNanos - barrier.sentAtNanos,
        !barriers.isEmpty(),
        barriers.allowanceNanos());
  }

  /**
   * A pong to a ping of ours.
   *
   * @param number of the ping that it answers, and all older ones with it
   * @param roundTripNanos from the ping's flush
   * @param awaitsMore whether a later ping is unanswered
   * @param allowanceNanos how much later than usual its pong may come
   */
  public record Answer(long number, long roundTripNanos, boolean awaitsMore, long allowanceNanos) {}

  /** What is known of the peer's pongs decides what confirms. */
  public void pongSupport(PongSupport pongs) {
    this.pongs = pongs;
    if (pongs != PongSupport.NO) return;
    Entry entry = head;
    while (entry != null && entry != unwritten && entry != cursor) {
      Entry next = entry.next;
      Fate known = fateOnceWritten(entry);
      if (known != null) end(entry, known);
      entry = next;
    }
  }

  /** The transport is lost: what was in flight waits again, in order, if it may. */
  public void rewind(ConnectionException cause) {
    Entry firstQueued = cursor;
    cursor = head;
    unwritten = null;
    detach();
    if (numbered != null) numbered.rewind();
    Entry entry = head;
    while (entry != null && entry != firstQueued) {
      Entry next = entry.next;
      rewind(entry, cause);
      entry = next;
    }
  }

  private void detach() {
    generation = NO_TRANSPORT;
    gateOpen = false;
    gateShut = false;
    parked = false;
    pingWanted = false;
    allCovered();
    barriers.reset();
  }

  private void rewind(Entry entry, ConnectionException cause) {
    if (entry.place == Place.WRITTEN) unwrittenBytes += entry.size;
    inFlight--;
    inFlightBytes -= entry.size;
    Entry.Losses losses = entry.losses;
    if (losses == null) entry.losses = losses = new Entry.Losses(cause);
    losses.last = cause;
    boolean tooMany = reachesResendLimit(losses);
    enqueued(entry);
    if (isConflated(entry)) return;
    if (entry.options().atMostOnce()) {
      end(entry, new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_FORBIDDEN, cause));
    } else if (tooMany) {
      end(entry, new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_LIMIT, cause));
    }
  }

  /** Counts one more, and returns whether that is the last, with nothing confirmed in between. */
  private boolean reachesResendLimit(Entry.Losses losses) {
    if (losses.epoch != confirmations) losses.count = 0;
    losses.epoch = confirmations;
    return ++losses.count >= limits.resendLimit();
  }

  /** Leaves the newest of its key. Returns whether that is another. */
  private boolean isConflated(Entry entry) {
    Entry other = queuedOfKey(entry);
    if (other == null || other == entry) return false;
    boolean older = other.sequence < entry.sequence;
    conflate(older ? other : entry);
    if (older) queuedByKey.put(requireNonNull(entry.options().conflationKey()), entry);
    return !older;
  }

  // ---- The protocol

  /**
   * A message that a transport has got.
   *
   * @param handedBefore whether an earlier one may have carried it
   */
  public record Taken(Entry entry, boolean handedBefore) {}

  /** Adds to {@code all} what the last {@link #take} gave, before it is {@link #written}. */
  public void lastTaken(List<Taken> all) {
    for (Entry entry = unwritten; entry != null && entry != cursor; entry = entry.next) {
      all.add(new Taken(entry, entry.losses != null));
    }
  }

  /** {@code entry}, which {@code generation} took, goes on the wire with {@code sequence}. */
  public void encoded(long generation, Entry entry, long sequence) {
    if (numbered == null || generation != this.generation) return;
    if (entry.place == Place.TAKEN || entry.place == Place.WRITTEN) numbered.add(entry, sequence);
  }

  /** {@code entry}, which {@code generation} took, cannot be put on the wire. */
  public void notEncoded(long generation, Entry entry) {
    if (generation != this.generation || entry.place != Place.TAKEN) return;
    Entry.Losses losses = entry.losses;
    end(
        entry,
        losses == null
            ? new Fate.Rejected(Fate.Rejected.Reason.NOT_ENCODED)
            : new Fate.InDoubt(Fate.InDoubt.Reason.NOT_ENCODED, losses.last));
  }

  /** The peer's application has the message with this id. */
  public void acknowledged(long id, @Nullable Message answer) {
    Entry entry = sent(id);
    if (entry == null) return;
    end(entry, answer == null ? ACKNOWLEDGED : new Fate.Acknowledged(answer));
    confirmations++;
  }

  /**
   * The peer's application has all that {@code generation} was given with this sequence or a lower
   * one.
   */
  public void acknowledgedThrough(long generation, long sequence) {
    if (numbered == null || generation != this.generation) return;
    for (Entry entry = numbered.firstThrough(sequence);
        entry != null;
        entry = numbered.firstThrough(sequence)) {
      end(entry, ACKNOWLEDGED);
      confirmations++;
    }
  }

  /** The peer's application has all messages up to this id that any transport had. */
  public void resumed(long id) {
    for (Entry entry = head; entry != null && entry.wasHanded() && entry.stableId() <= id; ) {
      Entry next = entry.next;
      end(entry, ACKNOWLEDGED);
      confirmations++;
      entry = next;
    }
  }

  /** The peer's application refuses the message with this id. */
  public void refusedByPeer(long id, String reason) {
    Entry entry = sent(id);
    if (entry != null) end(entry, new Fate.Refused(reason));
  }

  /**
   * The peer wants the message with this id once more from {@code generation}, which has it. Counts
   * that as a loss.
   *
   * @return null if it has not, or the message may not be sent again and has ended
   */
  public @Nullable Entry sendAgain(long generation, long id) {
    Entry entry = generation == this.generation ? sent(id) : null;
    if (entry == null || entry.place == Place.QUEUED) return null;
    if (entry.options().atMostOnce()) {
      end(entry, new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_FORBIDDEN, null));
      return null;
    }
    Entry.Losses losses = entry.losses;
    if (losses == null) entry.losses = losses = new Entry.Losses(null);
    if (!reachesResendLimit(losses)) return entry;
    end(entry, new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_LIMIT, losses.last));
    return null;
  }

  private @Nullable Entry sent(long id) {
    if (numbered == null) return null;
    Entry entry = numbered.get(id);
    return entry != null ? entry : ofEarlierLife(id);
  }

  // Whether a transport had it is not certain: its disk may have been full.
  private @Nullable Entry ofEarlierLife(long id) {
    for (Entry entry = cursor; entry != null && entry.sequence <= restored; entry = entry.next) {
      if (entry.stableId() == id) return entry;
    }
    return null;
  }

  /** Returns what waits and may have been carried by an earlier transport, in order. */
  public List<Entry> handedBefore() {
    List<Entry> all = new ArrayList<>();
    for (Entry entry = cursor; entry != null && entry.losses != null; entry = entry.next) {
      all.add(entry);
    }
    return all;
  }

  /** The peer has lost the session, and {@code entry} is not to be sent again. */
  public void doubt(Entry entry) {
    Entry.Losses losses = entry.losses;
    if (entry.place != Place.QUEUED || losses == null) return;
    end(entry, new Fate.InDoubt(Fate.InDoubt.Reason.SESSION_LOST, losses.last));
  }

  // ---- Ends

  /** Takes a queued message back. Returns whether it will not be written any more. */
  public boolean cancel(Entry entry) {
    if (entry.place != Place.QUEUED) return false;
    Fate fate = new Fate.Cancelled(Fate.Cancelled.Reason.BY_APP);
    end(entry, unlessHanded(entry, fate, Fate.InDoubt.Reason.CANCELLED));
    return true;
  }

  /** Takes every queued message back. Returns how many there were. */
  public int cancelQueued() {
    int before = queued;
    for (Entry entry = cursor; entry != null; entry = cursor) cancel(entry);
    return before;
  }

  /** Ends every queued message whose time to live has passed. */
  public void expire(long nowNanos) {
    while (!byExpiry.isEmpty() && byExpiry.first().expiresAtNanos() - nowNanos <= 0) {
      expire(byExpiry.first());
    }
  }

  private void expire(Entry entry) {
    end(entry, unlessHanded(entry, new Fate.Expired(), Fate.InDoubt.Reason.EXPIRED));
  }

  /** Returns how long until the next queued message expires; negative if none will. */
  public long nanosToExpiry(long nowNanos) {
    return byExpiry.isEmpty() ? -1 : Math.max(0, byExpiry.first().expiresAtNanos() - nowNanos);
  }

  /** The connection is closed: ends everything, and refuses the rest. */
  public void endAll() {
    accepting = false;
    for (Entry entry = head; entry != null; entry = head) {
      end(entry, fateOnceClosed(entry));
    }
    detach();
  }

  // An earlier one is stored: the end comes in order.
  private Fate fateOnceClosed(Entry entry) {
    boolean stays = storing && entry != firstUnstored;
    boolean doubtful = entry.options().atMostOnce() && entry.wasHanded();
    if (stays && !doubtful) return new Fate.Kept();
    Fate fate = new Fate.Cancelled(Fate.Cancelled.Reason.CONNECTION_CLOSED);
    return unlessHanded(entry, fate, Fate.InDoubt.Reason.CONNECTION_CLOSED);
  }

  private static Fate unlessHanded(Entry entry, Fate fate, Fate.InDoubt.Reason doubt) {
    if (!entry.wasHanded()) return fate;
    Entry.Losses losses = entry.losses;
    // A transport that still has it was not lost.
    return new Fate.InDoubt(
        doubt, losses != null && entry.place == Place.QUEUED ? losses.last : null);
  }

  private void end(Entry entry, Fate fate) {
    if (entry.place == Place.QUEUED) {
      dequeued(entry);
      if (isUnstored(entry)) leftStore(entry);
    } else {
      inFlight--;
      inFlightBytes -= entry.size;
      if (entry.wantsConfirmation() && entry.sequence > lastCovered) uncoveredLess(entry);
    }
    if (entry.place != Place.WRITTEN) unwrittenBytes -= entry.size;
    unlink(entry);
    if (numbered != null) numbered.remove(entry);
    entry.place = Place.OUTSIDE;
    entry.end(fate);
    collect(entry);
  }

  private void uncoveredLess(Entry entry) {
    uncovered--;
    uncoveredBytes -= entry.size;
    if (entry.place == Place.WRITTEN) return;
    unwrittenUncovered--;
    unwrittenUncoveredBytes -= entry.size;
  }

  private void collect(Entry entry) {
    if (lastEnded == null) firstEnded = entry;
    else lastEnded.next = entry;
    lastEnded = entry;
  }

  /** Returns whether {@link #ended} would return something. */
  public boolean hasEnded() {
    return firstEnded != null;
  }

  /**
   * Returns the first that has ended since the last call, null if none has: to be told, with those
   * that {@link Entry#takeNextEnded} gives, once the lock is released.
   */
  public @Nullable Entry ended() {
    Entry first = firstEnded;
    firstEnded = null;
    lastEnded = null;
    return first;
  }

  // ---- Numbers

  /** Returns whether every accepted message has its fate. */
  public boolean isEmpty() {
    return head == null;
  }

  /**
   * Returns whether the peer is expected to say something that ends messages: a ping is out, or due
   * after the spacing, whose pong would confirm some, or a protocol acknowledges.
   */
  public boolean awaitsPong() {
    return inFlight > 0 && (numbered != null || uncovered > 0 || !barriers.isEmpty());
  }

  /** Returns how many messages a transport has whose fate is not known. */
  public int inFlight() {
    return inFlight;
  }

  /** Returns payload bytes that the kernel has not taken. */
  public long unwrittenBytes() {
    return unwrittenBytes;
  }

  /** Returns how many messages the kernel took, each time that they were sent. */
  public long sentMessages() {
    return sentMessages;
  }

  /** Returns the payload of these, in bytes. */
  public long sentBytes() {
    return sentBytes;
  }

  /** Returns whether at most half of each bound is used. */
  public boolean isHalfFree() {
    return inFlight + queued <= limits.maxMessages() / 2
        && inFlightBytes + queuedBytes <= limits.maxBytes() / 2;
  }

  /** Returns the numbers that an app sees. */
  public QueueSnapshot snapshot(long nowNanos) {
    if (head == null) return QueueSnapshot.EMPTY;
    // Threads read the clock before they come here, so one may be a little behind another.
    long ageNanos = Math.max(0, nowNanos - head.acceptedAtNanos);
    return new QueueSnapshot(
        queued, inFlight, queuedBytes + inFlightBytes, Duration.ofNanos(ageNanos));
  }

  // ---- The list

  private void enqueued(Entry entry) {
    entry.place = Place.QUEUED;
    queued++;
    queuedBytes += entry.size;
    if (entry.expires()) byExpiry.add(entry);
    String key = entry.options().conflationKey();
    if (key != null && !isUnstored(entry)) queuedByKey.putIfAbsent(key, entry);
  }

  private void dequeued(Entry entry) {
    queued--;
    queuedBytes -= entry.size;
    if (entry.expires()) byExpiry.remove(entry);
    String key = entry.options().conflationKey();
    if (key != null) queuedByKey.remove(key, entry);
  }

  private void append(Entry entry) {
    entry.previous = tail;
    if (tail == null) head = entry;
    else tail.next = entry;
    tail = entry;
  }

  private void unlink(Entry entry) {
    if (cursor == entry) cursor = entry.next;
    if (firstUnstored == entry) firstUnstored = entry.next;
    if (unwritten == entry) unwritten = entry.next == cursor ? null : entry.next;
    if (entry.previous == null) head = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next == null) tail = entry.previous;
    else entry.next.previous = entry.previous;
    entry.previous = null;
    entry.next = null;
  }
}
