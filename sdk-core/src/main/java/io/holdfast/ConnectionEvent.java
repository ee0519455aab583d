package io.holdfast;

import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that happened to a connection. A later version may add kinds. */
public sealed interface ConnectionEvent {

  /**
   * An attempt begins: the request supplier is asked next.
   *
   * @param generation the number of the transport that it tries to open
   * @param attempt counted from 1 in each outage
   */
  record AttemptStarted(long generation, int attempt) implements ConnectionEvent {}

  /**
   * An attempt succeeded; the state becomes {@link ConnectionState.Open} next.
   *
   * @param generation the new transport's number
   * @param attempt which attempt of the outage it was
   * @param timeline how it went
   */
  record TransportOpened(long generation, int attempt, ConnectTimeline timeline)
      implements ConnectionEvent {}

  /**
   * The {@link io.holdfast.protocol.Protocol} has come one step nearer to readiness.
   *
   * @param generation the transport's number
   * @param step the protocol's word for it
   */
  record ReadyStepReached(long generation, String step) implements ConnectionEvent {}

  /**
   * An attempt failed.
   *
   * @param attempt which attempt of the outage it was
   * @param timeline how far it went
   */
  record AttemptFailed(int attempt, ConnectionException cause, ConnectTimeline timeline)
      implements ConnectionEvent {}

  /**
   * An open transport was lost.
   *
   * @param generation its number
   * @param inFlight how many messages it had taken whose fate was not known; those that may be are
   *     sent again
   */
  record TransportLost(long generation, ConnectionException cause, int inFlight)
      implements ConnectionEvent {}

  /**
   * The next attempt has been scheduled.
   *
   * @param attempt counted from 1 in each outage
   * @param delay until it starts
   * @param cause why the transport was lost or the attempt before failed
   */
  record RetryScheduled(int attempt, Duration delay, ConnectionException cause)
      implements ConnectionEvent {}

  /**
   * A transport has proved itself: the outage is over, and attempts count from 1 again.
   *
   * @param generation its number
   */
  record OutageEnded(long generation) implements ConnectionEvent {}

  /**
   * The network is another one, is there again or lost, or became metered or ceased to be.
   *
   * @param status what the monitor said
   */
  record NetworkChanged(NetworkStatus status) implements ConnectionEvent {}

  /**
   * The device slept, or the process was stopped, and goes on.
   *
   * @param slept how long at least
   */
  record WokeUp(Duration slept) implements ConnectionEvent {}

  /**
   * A second transport is being opened beside the one in use. If it opens first, {@link
   * TransportLost} of the one in use with {@link ConnectionException.Replaced} and {@link
   * TransportOpened} follow.
   *
   * @param generation the second one's number
   * @param drain whether the peer asked for it; otherwise the one in use is late to answer
   */
  record SuccessorStarted(long generation, boolean drain) implements ConnectionEvent {}

  /**
   * The second transport was given up before it took the first one's place.
   *
   * @param generation the second one's number
   * @param cause why: what it failed of, or what else left no place for it, such as a network that
   *     is gone; null if it was not needed any more, for the one in use has shown that it is alive,
   *     or the connection closes
   */
  record SuccessorDropped(long generation, @Nullable ConnectionException cause)
      implements ConnectionEvent {}

  /**
   * The outage has lasted for as long as {@link ManagedConnection.Builder#tellOutageAfter} says,
   * and goes on.
   *
   * @param lasted since {@code open()}, or since the loss that began it
   */
  record OutageLasts(Duration lasted) implements ConnectionEvent {}

  /**
   * The kernel has taken a ping: a heartbeat, or one that confirms messages. Its pong may be told
   * first, if it was that quick.
   *
   * @param generation the transport's number
   * @param number counts the pings of all transports
   */
  record PingSent(long generation, long number) implements ConnectionEvent {}

  /**
   * A pong came back.
   *
   * @param generation the transport's number
   * @param roundTrip from the ping's flush to the pong
   */
  record RoundTripMeasured(long generation, Duration roundTrip) implements ConnectionEvent {}

  /**
   * An {@link AdaptiveInterval} has found what the network's path survives, and is kept to from now
   * on.
   *
   * @param label the network's
   * @param interval of silence before a ping
   */
  record HeartbeatIntervalLearned(String label, Duration interval) implements ConnectionEvent {}

  /**
   * The peer is now known to answer pings, or not to.
   *
   * @param support never {@link PongSupport#UNKNOWN}
   */
  record PongSupportLearned(PongSupport support) implements ConnectionEvent {}

  /**
   * The app's consumer is so far behind that even the room kept for awaited confirmations is full;
   * nothing more is read until it catches up.
   *
   * @param generation the transport's number
   */
  record ConsumerStalled(long generation) implements ConnectionEvent {}

  /**
   * A message was refused or evicted because the outbox is full. Told once, until {@link
   * QueueHasRoom}.
   *
   * @param queue the outbox then
   */
  record QueueFilled(QueueSnapshot queue) implements ConnectionEvent {}

  /**
   * The outbox, which had been full, is at most half full.
   *
   * @param queue the outbox then
   */
  record QueueHasRoom(QueueSnapshot queue) implements ConnectionEvent {}

  /**
   * A delivery ended without having been {@link Fate#delivered}. Told after the delivery's own
   * listeners; not told once the connection is closed.
   *
   * @param id {@link Delivery#id}
   * @param fate how it ended
   */
  record NotDelivered(long id, Fate fate) implements ConnectionEvent {}
}
