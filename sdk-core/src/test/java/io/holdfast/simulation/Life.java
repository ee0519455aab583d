package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.MessageDemand;
import io.holdfast.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One managed connection of the app's, from its making to its end, and what was seen of it. */
final class Life {
  final int number;
  final ManagedConnection connection;
  final LifeClock clock;
  // Null if it speaks no protocol.
  final @Nullable Mumbling protocol;
  final Pace pace;
  final Dialogue dialogue = new Dialogue();
  final List<Sent> sent = new ArrayList<>();
  final List<SimulatedTransport> transports = new ArrayList<>();
  // Its process was killed.
  boolean dead;
  long diedAtNanos;
  boolean diedOfPowerCut;
  // What the judges know of its send queue.
  boolean queueOpen;
  boolean queueClosed;
  boolean queueFailed;
  boolean diskTrouble;
  // When a fate first said that it is over, although nothing else did; negative if none has.
  long overSinceNanos = -1;
  // Messages that an earlier life left, which stand first in what was sent.
  int recovered;
  long recoveredBytes;
  // The newest receiver of the network's status.
  @Nullable Registration monitor;
  boolean refusing;
  // Whether the app asked for the end at once.
  boolean closed;
  // By when, in the device's time, the app asked for the end at the latest.
  long drainsByNanos = Long.MAX_VALUE;
  Duration drainDeadline = Duration.ZERO;
  // Whether its peer has ever asked it to, with the first transport used until the next is open.
  boolean wasAskedToMove;
  // Whether its peer has ever named another place.
  boolean wasNamedAPlace;
  boolean suspended;
  boolean sendingPaused;
  long suspendedSinceNanos;
  // Whether an attempt may be made without a network, as the app asked for it.
  boolean forced;
  // Of the newest receiver.
  long demanded;
  long received;
  // How often a pong has confirmed messages.
  int confirmations;
  private int settledBefore;
  // What the app was last told.
  boolean pingsUnanswered;
  boolean everPonged;
  // Heartbeats that timed out on a transport that had answered none.
  int lostWithoutPong;
  // The longest that a server asked for whose wish outlasts an attempt: it rejected a transport
  // beside the one in use, or there are others. And until when the last one holds.
  long longestBidMillis;
  private long bidUntilNanos = Long.MIN_VALUE;
  // When the app, or the network's monitor, last asked it to hurry.
  long hurriedAtNanos = Long.MIN_VALUE;
  // Messages for which the app has not asked yet although it took one.
  int owed;
  private @Nullable MessageDemand demand;

  Life(
      int number,
      ManagedConnection connection,
      LifeClock clock,
      @Nullable Mumbling protocol,
      Pace pace) {
    this.number = number;
    this.connection = connection;
    this.clock = clock;
    this.protocol = protocol;
    this.pace = pace;
  }

  void receiving(MessageDemand demand) {
    this.demand = demand;
    demanded = 0;
    received = 0;
  }

  void request(long count) {
    demanded = demanded + count < 0 ? Long.MAX_VALUE : demanded + count;
    requireNonNull(demand).request(count);
  }

  /** A server has asked for something that is remembered. */
  void asked(long millis) {
    longestBidMillis = Math.max(longestBidMillis, millis);
    bidUntilNanos = Math.max(bidUntilNanos, clock.elapsedNanos() + 1_000_000 * millis);
  }

  boolean isAskedToWait() {
    return clock.elapsedNanos() < bidUntilNanos;
  }

  void giveUpReceiving() {
    requireNonNull(demand).cancel();
  }

  /** The process is gone: nothing is called by it any more, nor it by anyone. */
  void die(Death how, boolean powerCut) {
    dead = true;
    diedAtNanos = clock.elapsedNanos();
    diedOfPowerCut = powerCut;
    clock.die();
    for (SimulatedTransport transport : transports) transport.die(how);
    if (monitor != null) monitor.close();
  }

  /** Puts what an earlier life left before all else. */
  void recover(List<Sent> left) {
    recovered = left.size();
    for (Sent one : left) recoveredBytes += one.message.size();
    sent.addAll(0, left);
    for (int i = 0; i < sent.size(); i++) sent.get(i).index = i;
    settledBefore = 0;
  }

  /** Returns the index before which every message has its fate. */
  int settledBefore() {
    while (settledBefore < sent.size() && sent.get(settledBefore).fate() != null) settledBefore++;
    return settledBefore;
  }

  ConnectionState state() {
    return connection.state();
  }

  /**
   * Returns the transport that is used, or the newest attempt; the last one that lived if there is
   * none, null if there never was one.
   */
  @Nullable SimulatedTransport newest() {
    SimulatedTransport newest = null;
    for (SimulatedTransport transport : transports) {
      if (transport.isInUse()) return transport;
      if (newest == null || newest.isOver() || !transport.isOver()) newest = transport;
    }
    return newest;
  }

  /** Returns the one that is opened beside another; null if there is none. */
  @Nullable SimulatedTransport second() {
    SimulatedTransport used = newest();
    if (used == null || !used.isInUse()) return null;
    SimulatedTransport last = transports.get(transports.size() - 1);
    return last != used && !last.isOver() ? last : null;
  }

  /** Returns the transport with this number; null if it took nothing, so that nobody knows. */
  @Nullable SimulatedTransport byGeneration(long generation) {
    for (int i = transports.size() - 1; i >= 0; i--) {
      if (transports.get(i).seen.generation == generation) return transports.get(i);
    }
    return null;
  }

  @Override
  public String toString() {
    return "connection " + number;
  }
}
