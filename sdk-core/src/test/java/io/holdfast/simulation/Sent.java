package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.holdfast.queue.SendQueue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that was given to a connection, and all that became of it. */
final class Sent {
  final Life life;
  // Its place in what its life has sent.
  int index;
  final Message message;
  final SendOptions options;
  final long sentAtNanos;
  // The outbox just before.
  final QueueSnapshot queueBefore;
  // Whether the connection had been told to take no more.
  final boolean refused;

  final List<SimulatedTransport> handedOn = new ArrayList<>();
  // What it was in the life before; null if it was sent in this one.
  final @Nullable Sent before;
  // Whether an earlier life may have handed it to a transport, as the queue says.
  final boolean mayHaveBeenHanded;
  private final String name;

  // What judges know of it on disk.
  long sequence;
  long appendedAtMillis;
  boolean durable;
  // Which of the send queue's directories it is in.
  int directory;
  // In the order of all calls of the queue.
  int appendCall;
  int releaseCall = Integer.MAX_VALUE;
  // Whether the queue had noted, when a transport got it, that one may.
  boolean noted;
  SendQueue.@Nullable Refusal refusal;
  int toldAccepted;

  boolean taken;
  int told;
  // Listeners that were added long after, and how many of them were told.
  int askedLater;
  int toldLater;
  int readByPeer;
  int arrivals;
  boolean written;
  // Whether the transport that has it has taken a ping since.
  boolean pinged;
  // Transports lost in a row while it was in flight, nothing being confirmed in between.
  int losses;
  int lossEpoch;
  // Whether its acknowledgement has been counted as a sign that messages arrive.
  boolean counted;
  private @Nullable Delivery delivery;

  Sent(
      Life life,
      int index,
      Message message,
      SendOptions options,
      long sentAtNanos,
      QueueSnapshot queueBefore) {
    this.life = life;
    this.index = index;
    this.message = message;
    this.options = options;
    this.sentAtNanos = sentAtNanos;
    this.queueBefore = queueBefore;
    this.refused = life.refusing;
    this.before = null;
    this.mayHaveBeenHanded = false;
    this.name = life.number + "." + index;
  }

  /** Makes what {@code before} is in a later life, where nobody holds its delivery yet. */
  Sent(
      Life life, Sent before, Message message, SendOptions options, long sentAtNanos, boolean may) {
    this.life = life;
    this.message = message;
    this.options = options;
    this.sentAtNanos = sentAtNanos;
    this.queueBefore = QueueSnapshot.EMPTY;
    this.refused = false;
    this.before = before;
    this.mayHaveBeenHanded = may;
    this.name = before.name + " again in " + life.number;
    this.sequence = before.sequence;
    this.appendedAtMillis = before.appendedAtMillis;
    this.durable = true;
    this.appendCall = before.appendCall;
    this.noted = before.noted;
  }

  void accepted(Delivery delivery) {
    this.delivery = delivery;
  }

  Delivery delivery() {
    return requireNonNull(delivery);
  }

  /** Returns its fate, as far as anyone could know. */
  @Nullable Fate fate() {
    return delivery == null ? null : delivery.fate();
  }

  /** Whether nobody could know its fate, for an earlier life left it and the app was not told. */
  boolean isUntold() {
    return delivery == null;
  }

  /** Whether a transport had it, of this life or, as far as the queue could note it, of another. */
  boolean wasHanded() {
    return !handedOn.isEmpty() || (before != null && before.noted);
  }

  /** Whether its fate says so: a transport has it, or an earlier life's may have had it. */
  boolean mayBeInDoubt() {
    return !handedOn.isEmpty() || mayHaveBeenHanded;
  }

  /** Returns the number with which its payload begins. */
  long number() {
    return message.payload().getLong();
  }

  boolean isReleased() {
    return releaseCall != Integer.MAX_VALUE;
  }

  /** Whether its fate is known and no later life needs it. */
  boolean isSettled() {
    return fate() != null && !(fate() instanceof Fate.Kept);
  }

  /** Returns those that were sent before it, have the same key and no fate before theirs. */
  List<Sent> olderOfKey() {
    List<Sent> result = new ArrayList<>();
    for (int i = life.settledBefore(); i < index; i++) {
      if (isOfSameKey(life.sent.get(i))) result.add(life.sent.get(i));
    }
    return result;
  }

  /** Whether there is a newer one with its key, on disk if messages are kept there. */
  boolean hasNewerOfKey(boolean storing) {
    for (Sent newer : life.sent.subList(index + 1, life.sent.size())) {
      if (isOfSameKey(newer) && (newer.durable || !storing)) return true;
    }
    return false;
  }

  private boolean isOfSameKey(Sent other) {
    return options.conflationKey() != null
        && options.conflationKey().equals(other.options.conflationKey());
  }

  /** Whether a transport has it that is not over. */
  boolean isInFlight() {
    return !handedOn.isEmpty() && !handedOn.get(handedOn.size() - 1).isOver();
  }

  boolean isAcknowledged() {
    return fate() instanceof Fate.Acknowledged;
  }

  boolean isConfirmed() {
    return fate() instanceof Fate.Confirmed;
  }

  @Override
  public String toString() {
    return "message " + name;
  }
}
