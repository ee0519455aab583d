package io.holdfast.simulation;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.ReconnectHint;
import io.holdfast.RequestContext;
import io.holdfast.queue.Recovered;
import io.holdfast.queue.StoredMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a run from one side. What it overrides it is told, at the moment at which it happens.
 */
abstract class Judge {
  private static final long RECENTLY_NANOS = 120_000_000_000L;
  private static final long SLOW_NANOS = 6_000_000_000L;
  static final long PROMPT_NANOS = 300_000_000;

  final World world;

  Judge(World world) {
    this.world = world;
  }

  /** Says that {@code rule} does not hold. The first objection ends the run. */
  final void object(String rule, @Nullable Object... what) {
    StringBuilder text = new StringBuilder();
    for (@Nullable Object part : what) text.append(part).append(' ');
    world.judges.object(rule, text.toString().trim());
  }

  final void require(boolean holds, String rule, @Nullable Object... what) {
    if (!holds) object(rule, what);
  }

  /** The app opens a connection. */
  void opening(Life life) {}

  /** A message was given to a connection, which took or rejected it. */
  void accepted(Sent sent) {}

  /** A transport's writer got a message. */
  void handed(SimulatedTransport transport, Sent sent) {}

  /** A transport's writer got what the protocol has made of a message, just before. */
  void encoded(Sent sent, Message data) {}

  /** A transport's writer got a message of the protocol's own. */
  void spoke(SimulatedTransport transport, Message message) {}

  /** A transport's writer got a heartbeat's message. */
  void questioned(SimulatedTransport transport) {}

  /** The kernel has it. */
  void questionWritten(SimulatedTransport transport) {}

  /** The writer of the transport in use asked for such a message, and the app threw. */
  void questionMissing(Life life) {}

  /** A heartbeat's memory was called. */
  void memoryBegun(Life life) {}

  /** That call is over. */
  void memoryEnded(Life life) {}

  /** A heartbeat's memory tells what it has for a key. */
  void recalled(Life life, String key, @Nullable String state) {}

  /** A heartbeat's memory was given something for a key. */
  void remembered(Life life, String key, String state) {}

  /** A transport's writer got a ping. */
  void pinged(SimulatedTransport transport) {}

  /** The kernel has a message, and the connection is about to be told. */
  void written(SimulatedTransport transport, Sent sent) {}

  /**
   * A transport has told a pong.
   *
   * @param covered the index of the last message that it covers; negative if it may cover none
   */
  void ponged(SimulatedTransport transport, int covered) {}

  /** The far end of a flow has read a message. */
  void readByPeer(Sent sent, Flow flow) {}

  /** The app was told a fate. */
  void fate(Sent sent, Fate fate) {}

  /** A send queue was opened, and has told what earlier lives left. */
  void recovered(Life life, Recovered recovered) {}

  /** What was on disk is gone, and nobody will find it. */
  void directoryLost() {}

  /** One of those, as it stands in its new life. */
  void left(Sent sent) {}

  /** The app was given the deliveries of those. */
  void toldRecovered(Life life, List<Delivery> deliveries) {}

  /** A send queue was given a message. */
  void appended(Sent sent, StoredMessage stored) {}

  /** A send queue is about to tell that a message is durable. */
  void durable(Sent sent) {}

  /** A send queue has told that a message is durable. */
  void queued(Sent sent) {}

  /** The app was told that a message is accepted. */
  void toldAccepted(Sent sent) {}

  /** A send queue was told that a message is not needed any more. */
  void released(Life life, Sent sent) {}

  /** A send queue was told that a transport may get messages. */
  void handing(Life life) {}

  /** A send queue is about to tell that it has noted that. */
  void mayHand(Life life, boolean onDisk) {}

  /** A send queue was told that no transport gets a message from now on. */
  void mayNotHand(Life life, long upTo) {}

  /** A send queue is about to tell that it is closed. */
  void queueClosed(Life life) {}

  /** The app was told a fate by a listener that it added after another. */
  void fateToSecond(Sent sent) {}

  /** The app was told a state. */
  void state(Life life, ConnectionState state) {}

  /** The app was told an event. */
  void event(Life life, ConnectionEvent event) {}

  /** The app's request supplier was asked. */
  void attempted(Life life) {}

  /** The app was asked for a request that it may give later. */
  void requestAsked(Life life, long number, RequestContext context) {}

  /** The app is about to give one. */
  void requestAnswered(Life life, long number) {}

  /** The app or the network has given a reason to ask the peer. */
  void pingAsked(Life life) {}

  /** The app or the network has given a reason not to wait any longer. */
  void hurried(Life life) {}

  /** The network's monitor has told that another network is in use. */
  void networkChanged(Life life) {}

  /** A transport was started. */
  void started(SimulatedTransport transport) {}

  /** A transport is about to tell that it is open. */
  void opened(SimulatedTransport transport) {}

  /** A transport is about to tell that it is open beside the one in use. */
  void openedBeside(SimulatedTransport transport) {}

  /** A protocol is about to ask its connection to go to another transport. */
  void reconnectAsked(Life life, ReconnectHint hint) {}

  /** A transport has told that it is open, and was told whether to read. */
  void begun(SimulatedTransport transport, boolean readOn) {}

  /** A transport is about to give the connection a message. */
  void reading(SimulatedTransport transport, Message message) {}

  /**
   * A transport has given the connection a message, and was told whether to read on.
   *
   * @param message for the app; null if it was the protocol's own
   */
  void read(SimulatedTransport transport, @Nullable Message message, boolean readOn) {}

  /** A transport has given the connection the first welcome of the server's application. */
  void welcomed(SimulatedTransport transport, Message welcome) {}

  /** A transport has given the connection any message of the protocol's. */
  void heard(SimulatedTransport transport) {}

  /** The server's application does a message, by its number. */
  void done(Application.Key session, long number) {}

  /** The server's application hears of a flow what breaks a rule of the protocol. */
  void violated(Flow flow, String rule) {}

  /** The server's application has sent a message, by its sequence. */
  void pushed(Application.Key session, long sequence) {}

  /** The server's application was told what the app has. */
  void acknowledgedByApp(Application.Key session, long sequence) {}

  /** A thread of a transport that was cancelled is about to give a message all the same. */
  void readLate(SimulatedTransport transport, Message message) {}

  /** A transport was cancelled, or is about to tell its end: the cause is then given. */
  void ended(SimulatedTransport transport) {}

  /** The server rejected a handshake, and the connection is about to be told. */
  void rejected(SimulatedTransport transport, HandshakeRejected rejected) {}

  /** The app got a message. */
  void received(Life life, Message message) {}

  /** The app heard that no message comes any more. */
  void receivedAll(Life life) {}

  /** The app gave its message listener up and set another. */
  void receivedAnew(Life life) {}

  /** Something has happened, anything at all. */
  void stepped(Life life) {}

  /** All is over. */
  void finished() {}

  /** Returns how late the device may be, for its threads alone. */
  final long slackNanos() {
    boolean slow =
        world.conditions.heldWithin(FaultKind.SLOW_THREADS, RECENTLY_NANOS)
            || world.conditions.heldWithin(FaultKind.SLOW_DISK, RECENTLY_NANOS);
    return slow ? SLOW_NANOS : PROMPT_NANOS;
  }

  /** Returns how long it is since then, counted anew from each time that the device woke. */
  final long sinceWoken(long sinceNanos) {
    return world.device.elapsedNanos() - Math.max(sinceNanos, world.device.lastWokenNanos());
  }

  /** Whether what happens is told to the app at that very moment. */
  final boolean tellsAtOnce() {
    return slackNanos() == PROMPT_NANOS && !world.device.callbacksBehind();
  }

  /** Whether the device has been awake for so long. */
  final boolean isAwakeFor(long nanos) {
    if (world.device.asleep()) return false;
    return world.device.elapsedNanos() - world.device.lastWokenNanos() > nanos;
  }

  static boolean is(@Nullable Object value, Class<?>... kinds) {
    for (Class<?> kind : kinds) if (kind.isInstance(value)) return true;
    return false;
  }
}
