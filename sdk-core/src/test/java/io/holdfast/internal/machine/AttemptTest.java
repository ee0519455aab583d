package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From the request to an open transport, and what a failure on the way brings. */
class AttemptTest {
  private final ConnectionException refused = new Refused("refused", null);
  private static final long SECOND = 1_000_000_000L;

  private final MachineRig rig = new MachineRig();

  @Test
  void openingIsThisTranscript() {
    assertThat(rig.give(new Event.OpenRequested()))
        .containsExactly(
            new Effect.PublishState(new Connecting(1, Phase.REQUEST)),
            new Effect.StartTimer(Timer.ATTEMPT, 1, 15 * SECOND),
            new Effect.SupplyRequest(1, 1, null));
    assertThat(rig.supplied())
        .containsExactly(
            new Effect.PublishState(new Connecting(1, Phase.HANDSHAKE)),
            new Effect.StartTransport(1));
    assertThat(rig.transportOpened())
        .containsExactly(
            new Effect.StopTimer(Timer.ATTEMPT),
            new Effect.PublishEvent(
                new ConnectionEvent.TransportOpened(1, 1, ConnectTimeline.EMPTY)),
            new Effect.PublishState(new Open(1, "chat", "deflate", ConnectTimeline.EMPTY)),
            new Effect.OpenGate(1),
            new Effect.StartTimer(Timer.PROOF, 2, 10 * SECOND),
            new Effect.StartTimer(Timer.LIVENESS, 3, 25 * SECOND),
            new Effect.SendPing(1));
  }

  @Test
  void aProtocolOfItsOwnMakesReadyBeforeMessagesFlow() {
    MachineRig ready = new MachineRig(true);
    ready.openRequested();
    ready.supplied();

    assertThat(ready.transportOpened())
        .containsExactly(
            new Effect.PublishState(new Connecting(1, Phase.READY)),
            new Effect.StartTimer(Timer.READY, 2, 10 * SECOND),
            new Effect.StartProtocol(1));
    assertThat(ready.timers).containsOnlyKeys(Timer.ATTEMPT, Timer.READY);
    assertThat(ready.protocolReady()).contains(new Effect.OpenGate(1));
    assertThat(ready.state()).isInstanceOf(Open.class);
  }

  @Test
  void aFailedAttemptIsThisTranscript() {
    rig.openRequested();
    rig.supplied();

    assertThat(rig.ended(refused))
        .containsExactly(
            new Effect.CancelTransport(1),
            new Effect.StopTimer(Timer.ATTEMPT),
            new Effect.PublishEvent(new AttemptFailed(1, refused, ConnectTimeline.EMPTY)),
            new Effect.AskRetry(refused),
            new Effect.PublishEvent(new RetryScheduled(2, Duration.ofSeconds(1))),
            new Effect.PublishState(new Waiting(2, Duration.ofSeconds(1), refused)),
            new Effect.StartTimer(Timer.RETRY, 2, SECOND));
  }

  @Test
  void aLostTransportIsThisTranscript() {
    ConnectionException reset = new StreamBroken("reset", null);
    rig.open();

    assertThat(rig.ended(reset))
        .containsExactly(
            new Effect.CancelTransport(1),
            new Effect.StopTimer(Timer.LIVENESS),
            new Effect.StopTimer(Timer.PROOF),
            new Effect.Rewind(1, reset),
            new Effect.AskRetry(reset),
            new Effect.PublishEvent(new RetryScheduled(2, Duration.ofSeconds(1))),
            new Effect.PublishState(new Waiting(2, Duration.ofSeconds(1), reset)),
            new Effect.StartTimer(Timer.RETRY, 4, SECOND));
  }

  @Test
  void theNextAttemptStartsWhenTheDelayEndsAndNotBefore() {
    rig.openRequested();
    rig.ended(refused);

    rig.advance(Duration.ofSeconds(1).minusNanos(1));
    assertThat(rig.state()).isInstanceOf(Waiting.class);
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void aDelayOfZeroNeverShowsAsWaiting() {
    rig.open();
    rig.take();
    rig.answer = MachineRig.AT_ONCE;

    rig.ended(refused);

    assertThat(rig.take())
        .filteredOn(Effect.PublishState.class::isInstance)
        .containsExactly(new Effect.PublishState(new Connecting(2, Phase.REQUEST)));
    assertThat(rig.timers).containsOnlyKeys(Timer.ATTEMPT);
  }

  @Test
  void theDeadlineEndsAnAttemptWhileTheRequestIsSupplied() {
    rig.openRequested();

    assertAttemptTimesOut(rig);
  }

  @Test
  void theDeadlineEndsAnAttemptInItsHandshake() {
    rig.openRequested();
    rig.advanceSeconds(14);
    rig.supplied();
    rig.advance(Duration.ofSeconds(1).minusNanos(1));
    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.HANDSHAKE));

    rig.advance(Duration.ofNanos(1));

    assertThat(rig.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void theDeadlineEndsAnAttemptWhoseProtocolIsNotReady() {
    MachineRig ready = new MachineRig(true);
    ready.openRequested();
    ready.supplied();
    ready.transportOpened();
    // Otherwise its own timeout comes first.
    ready.advance(Duration.ofSeconds(9));
    ready.stepped("authenticated");

    ready.advance(Duration.ofSeconds(6).minusNanos(1));
    assertThat(ready.state()).isInstanceOf(Connecting.class);
    ready.advance(Duration.ofNanos(1));

    assertThat(ready.state())
        .isInstanceOfSatisfying(
            Waiting.class,
            waiting -> assertThat(waiting.cause()).isInstanceOf(AttemptTimedOut.class));
  }

  private static void assertAttemptTimesOut(MachineRig rig) {
    rig.advance(Duration.ofSeconds(15).minusNanos(1));
    assertThat(rig.state()).isInstanceOf(Connecting.class);
    rig.take();

    rig.advance(Duration.ofNanos(1));

    assertThat(rig.take()).startsWith(new Effect.CancelTransport(1));
    assertThat(rig.state())
        .isInstanceOfSatisfying(
            Waiting.class,
            waiting -> assertThat(waiting.cause()).isInstanceOf(AttemptTimedOut.class));
  }

  @Test
  void theDeadlineIsOverOnceTheTransportIsOpen() {
    rig.openAndPonged();

    assertThat(rig.timers).doesNotContainKey(Timer.ATTEMPT);
    rig.advanceSeconds(20);
    assertThat(rig.state()).isInstanceOf(Open.class);
  }

  @Test
  void aRequestThatComesAfterTheDeadlineStartsNoTransport() {
    rig.openRequested();
    rig.advanceSeconds(15);

    assertThat(rig.supplied()).isEmpty();
  }

  @Test
  void whatIsToldTwiceCountsOnce() {
    MachineRig ready = new MachineRig(true);
    ready.openRequested();
    ready.supplied();
    assertThat(ready.supplied()).isEmpty();
    ready.transportOpened();
    assertThat(ready.transportOpened()).isEmpty();
    ready.protocolReady();
    assertThat(ready.protocolReady()).isEmpty();
    assertThat(ready.transportOpened()).isEmpty();
  }

  @Test
  void attemptsAreCountedThroughTheOutage() {
    rig.openRequested();
    for (int attempt = 1; attempt <= 5; attempt++) {
      assertThat(rig.state()).isEqualTo(new Connecting(attempt, Phase.REQUEST));
      rig.ended(refused);
      assertThat(rig.state()).isEqualTo(new Waiting(attempt + 1, Duration.ofSeconds(1), refused));
      rig.advanceSeconds(1);
    }

    assertThat(rig.told(AttemptFailed.class))
        .extracting(AttemptFailed::attempt)
        .isEqualTo(List.of(1, 2, 3, 4, 5));
    assertThat(rig.told(RetryScheduled.class))
        .extracting(RetryScheduled::attempt)
        .isEqualTo(List.of(2, 3, 4, 5, 6));
  }

  @Test
  void aStopClosesWithTheFailureThatEndedIt() {
    rig.answer = MachineRig.STOP;
    rig.openRequested();

    assertThat(rig.ended(refused))
        .endsWith(
            new Effect.AskRetry(refused),
            new Effect.EndOutbox(),
            new Effect.PublishState(new Closed(1006, "", false, refused)),
            new Effect.Finish());
  }

  @Test
  void aStopAfterThePeersCloseIsACleanClose() {
    ConnectionException goingAway = new PeerClosed(1008, "policy");
    rig.answer = MachineRig.STOP;
    rig.open();

    rig.ended(goingAway);

    assertThat(rig.state()).isEqualTo(new Closed(1008, "policy", true, goingAway));
  }
}
