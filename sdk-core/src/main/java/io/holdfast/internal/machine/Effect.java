package io.holdfast.internal.machine;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.LifeSign;
import io.holdfast.PongSupport;
import org.jspecify.annotations.Nullable;

/** What the machine orders. The driver carries effects out in their order. */
public sealed interface Effect {

  /** Tells listeners the new state. */
  record PublishState(ConnectionState state) implements Effect {}

  /** Tells listeners an event. */
  record PublishEvent(ConnectionEvent event) implements Effect {}

  /** Starts a timer, which stops the one that may run. */
  record StartTimer(Timer timer, long token, long delayNanos) implements Effect {}

  /** Stops a timer. */
  record StopTimer(Timer timer) implements Effect {}

  /**
   * Asks the request supplier, then tells {@link Event.RequestSupplied}.
   *
   * @param lastFailure null if there was none
   */
  record SupplyRequest(long generation, int attempt, @Nullable ConnectionException lastFailure)
      implements Effect {}

  /** Starts a transport with the request that was supplied. */
  record StartTransport(long generation) implements Effect {}

  /** Makes the application protocol ready, then tells {@link Event.ProtocolReady}. */
  record StartProtocol(long generation) implements Effect {}

  /** Tells the application protocol that its transport is gone. */
  record StopProtocol(long generation, ConnectionException cause) implements Effect {}

  /** Lets messages flow to the transport. */
  record OpenGate(long generation) implements Effect {}

  /** Hands no more messages to the transport: another is about to take its place. */
  record CloseGate(long generation) implements Effect {}

  /** Hands messages to the transport again: it stays. */
  record ReopenGate(long generation) implements Effect {}

  /** The attempt beside the transport in use has failed: tells {@link Event.BidLearned}. */
  record NoteFailure(long generation, ConnectionException cause) implements Effect {}

  /** The second transport takes the first one's place. */
  record UseSuccessor(long generation) implements Effect {}

  /** Lets a transport read that was opened as the second one. */
  record ReleaseReader(long generation) implements Effect {}

  /** Closes the transport in good order, with nobody waiting for it. */
  record RetireTransport(long generation) implements Effect {}

  /** Sends a ping as soon as possible. */
  record SendPing(long generation) implements Effect {}

  /** Sends the heartbeat's message as soon as possible. */
  record SendQuestion(long generation, LifeSign.Answer heartbeat) implements Effect {}

  /** Sends a Close frame next, then nothing more. */
  record CloseTransport(long generation, int code, String reason) implements Effect {}

  /** Gives the attempt or transport up at once. */
  record CancelTransport(long generation) implements Effect {}

  /** Takes back what the lost transport had, and tells listeners of the loss. */
  record Rewind(long generation, ConnectionException cause) implements Effect {}

  /** Asks the heartbeat's memory, then tells {@link Event.IntervalRecalled}. */
  record RecallInterval(boolean background, String label) implements Effect {}

  /** Has the heartbeat's memory keep something. */
  record RememberInterval(boolean background, String label, String state) implements Effect {}

  /** Has the outbox know what confirms. */
  record LearnPongs(PongSupport support) implements Effect {}

  /** No write is watched any more: tells {@link Event.WriteBegun} of the next. */
  record UnwatchWrites(long generation) implements Effect {}

  /** Asks resilience4j, then tells {@link Event.RetryAnswered} before any other event. */
  record AskRetry(ConnectionException cause) implements Effect {}

  /** Asks the same about a transport that goes on until the next one is open: no failure. */
  record AskDelay(ConnectionException asked) implements Effect {}

  /** The outage is over: the next one starts a new retry context. */
  record EndOutage() implements Effect {}

  /** Ends every delivery and refuses new ones. */
  record EndOutbox() implements Effect {}

  /** The last effect of all: lets go of monitor and listeners. */
  record Finish() implements Effect {}
}
