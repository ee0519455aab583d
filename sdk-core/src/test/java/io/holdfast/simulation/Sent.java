package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that was given to a connection, and all that became of it. */
final class Sent {
  final Life life;
  final int index;
  final Message message;
  final SendOptions options;
  final long sentAtNanos;
  // The outbox just before.
  final QueueSnapshot before;
  // Whether the connection had been told to take no more.
  final boolean refused;

  final List<SimulatedTransport> handedOn = new ArrayList<>();
  boolean taken;
  int told;
  // Listeners that were added long after, and how many of them were told.
  int askedLater;
  int toldLater;
  int readByPeer;
  int arrivals;
  boolean written;
  // Transports lost in a row while it was in flight, nothing being confirmed in between.
  int losses;
  int lossEpoch;
  private @Nullable Delivery delivery;

  Sent(
      Life life,
      int index,
      Message message,
      SendOptions options,
      long sentAtNanos,
      QueueSnapshot before) {
    this.life = life;
    this.index = index;
    this.message = message;
    this.options = options;
    this.sentAtNanos = sentAtNanos;
    this.before = before;
    this.refused = life.refusing;
  }

  void accepted(Delivery delivery) {
    this.delivery = delivery;
  }

  Delivery delivery() {
    return requireNonNull(delivery);
  }

  @Nullable Fate fate() {
    return delivery().fate();
  }

  /** Returns those that were sent before it, have the same key and no fate before theirs. */
  List<Sent> olderOfKey() {
    List<Sent> result = new ArrayList<>();
    for (int i = life.settledBefore(); i < index; i++) {
      if (isOfSameKey(life.sent.get(i))) result.add(life.sent.get(i));
    }
    return result;
  }

  boolean hasNewerOfKey() {
    return life.sent.subList(index + 1, life.sent.size()).stream().anyMatch(this::isOfSameKey);
  }

  private boolean isOfSameKey(Sent other) {
    return options.conflationKey() != null
        && options.conflationKey().equals(other.options.conflationKey());
  }

  /** Whether a transport has it that is not over. */
  boolean isInFlight() {
    return !handedOn.isEmpty() && !handedOn.get(handedOn.size() - 1).isOver();
  }

  boolean isConfirmed() {
    return fate() instanceof Fate.Confirmed;
  }

  @Override
  public String toString() {
    return "message " + life.number + "." + index;
  }
}
