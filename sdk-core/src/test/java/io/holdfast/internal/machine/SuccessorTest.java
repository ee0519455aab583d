package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.SuccessorDropped;
import io.holdfast.ConnectionEvent.SuccessorStarted;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Phase;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Heartbeat;
import io.holdfast.PongSupport;
import io.holdfast.ReconnectHint;
import io.holdfast.internal.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second transport beside the first: at most one of them is used, and the better one stays. */
class SuccessorTest {
  private final ConnectionException reset = new StreamBroken("reset", null);
  private final ConnectionException refused = new Refused("refused", null);
  private final ConnectionException drain =
      new ReconnectAsked("restart", ReconnectHint.DEFAULT.withDrain());

  private static MachineRig rig(boolean hasReadyPhase) {
    Settings.Heartbeats beside =
        new Settings.Heartbeats(Heartbeat.DEFAULT, Heartbeat.DEFAULT, true);
    return new MachineRig(new Machine(beside, MachineRig.DEADLINES, hasReadyPhase));
  }

  private static MachineRig late(MachineRig rig) {
    rig.openAndPonged();
    rig.advanceSeconds(25);
    rig.flushed();
    rig.advanceSeconds(2);
    return rig;
  }

  private static List<Effect> secondSupplied(MachineRig rig) {
    return rig.give(new Event.RequestSupplied(rig.second));
  }

  private static List<Effect> secondOpened(MachineRig rig) {
    return rig.give(new Event.TransportOpened(rig.second, MachineRig.HANDSHAKE, rig.snapshot()));
  }

  private static List<Effect> secondEnded(MachineRig rig, ConnectionException cause) {
    return rig.give(new Event.TransportEnded(rig.second, cause, ConnectTimeline.EMPTY));
  }

  // ---- A late pong

  @Test
  void aPongThatIsLateStartsASecondTransportAndTheFirstGoesOn() {
    MachineRig rig = late(rig(false));

    assertThat(rig.told(SuccessorStarted.class)).containsExactly(new SuccessorStarted(2, false));
    assertThat(rig.state()).isInstanceOf(Open.class);
    assertThat(rig.lost()).isFalse();
    assertThat(secondSupplied(rig)).containsExactly(new Effect.StartTransport(2));
  }

  @Test
  void nothingIsStartedBesideThePeerThatAnswersInTime() {
    MachineRig rig = rig(false).openAndPonged();
    rig.advanceSeconds(25);
    rig.flushed();
    rig.advance(Duration.ofSeconds(2).minusNanos(1));
    rig.pong();

    rig.advanceSeconds(10);

    assertThat(rig.told(SuccessorStarted.class)).isEmpty();
  }

  @Test
  void whoIsLateButSendsIsAskedAgain() {
    MachineRig rig = late(rig(false));
    rig.byteRead();
    rig.take();

    rig.advance(Heartbeat.DEFAULT.timeout().minusSeconds(2).minusNanos(1));
    assertThat(rig.pings()).isZero();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void unlessAskedForALatePongStartsNothing() {
    MachineRig rig = late(new MachineRig());

    assertThat(rig.second).isZero();
    assertThat(rig.state()).isInstanceOf(Open.class);
  }

  @Test
  void theFirstStaysIfItAnswersBeforeTheSecondIsOpen() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);

    List<Effect> effects = rig.pong();

    assertThat(effects).contains(new Effect.CancelTransport(2));
    assertThat(rig.told(SuccessorDropped.class)).containsExactly(new SuccessorDropped(2, null));
    assertThat(rig.timers).doesNotContainKey(Timer.SUCCESSOR);
    rig.advanceSeconds(20);
    assertThat(rig.lost()).isFalse();
    assertThat(rig.generation).isEqualTo(1);
  }

  @Test
  void theSecondTakesThePlaceOfTheFirstOnceItIsOpen() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.take();

    List<Effect> effects = secondOpened(rig);

    assertThat(rig.loss()).isInstanceOf(Replaced.class);
    assertThat(effects)
        .containsSubsequence(
            new Effect.CancelTransport(1),
            new Effect.UseSuccessor(2),
            new Effect.ReleaseReader(2),
            new Effect.OpenGate(2),
            new Effect.SendPing(2))
        .noneMatch(Effect.AskRetry.class::isInstance);
    assertThat(rig.state())
        .isInstanceOfSatisfying(Open.class, open -> assertThat(open.generation()).isEqualTo(2));
  }

  @Test
  void withAProtocolTheSecondIsMadeReadyInTheFirstsPlace() {
    MachineRig rig = late(rig(true));
    secondSupplied(rig);

    List<Effect> effects = secondOpened(rig);

    assertThat(effects.get(effects.size() - 1)).isEqualTo(new Effect.StartProtocol(2));
    assertThat(effects)
        .filteredOn(Effect.StopProtocol.class::isInstance)
        .singleElement()
        .satisfies(stop -> assertThat(((Effect.StopProtocol) stop).generation()).isEqualTo(1));
    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.READY));
    rig.protocolReady();
    assertThat(rig.state()).isInstanceOf(Open.class);
  }

  @Test
  void aSecondThatFailsLeavesTheFirstItsTime() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);

    secondEnded(rig, refused);
    assertThat(rig.lost()).isFalse();
    rig.advanceSeconds(7);
    assertThat(rig.lost()).isFalse();
    rig.advanceSeconds(1);

    assertThat(rig.lost()).isTrue();
    assertThat(rig.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void aSecondThatTakesTooLongIsGivenUp() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    // The first one sends, and answers nothing.
    for (int i = 0; i < 15; i++) {
      rig.byteRead();
      rig.advanceSeconds(1);
    }

    assertThat(rig.told(SuccessorDropped.class))
        .singleElement()
        .satisfies(told -> assertThat(told.cause()).isInstanceOf(AttemptTimedOut.class));
  }

  @Test
  void ifTheFirstDiesTheSecondsAttemptIsTheConnectionsOwn() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.take();

    rig.advanceSeconds(8);

    assertThat(rig.lost()).isTrue();
    assertThat(rig.state()).isEqualTo(new Connecting(1, Phase.HANDSHAKE));
    assertThat(rig.generation).isEqualTo(2);
    assertThat(rig.told(ConnectionEvent.RetryScheduled.class)).isEmpty();
    List<Effect> effects = rig.transportOpened();
    assertThat(effects).contains(new Effect.ReleaseReader(2), new Effect.OpenGate(2));
  }

  @Test
  void aSecondThatHasNotReachedTheServerWaitsAsAnyAttempt() {
    MachineRig rig = late(rig(false));

    rig.ended(reset);

    assertThat(rig.state()).isInstanceOf(Waiting.class);
    assertThat(rig.second).isZero();
  }

  @Test
  void aSecondIsNotUsedIfTheNextAttemptGoesElsewhere() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.answer = new Event.RetryAnswered(0, 0, true, rig.snapshot());

    List<Effect> effects = rig.ended(reset);

    assertThat(effects).contains(new Effect.CancelTransport(2));
    assertThat(rig.generation).isEqualTo(3);
  }

  @Test
  void aSecondThatIsUsedWhileTheConsumerIsBehindIsAskedOnceItReads() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.pauseReader();
    assertThat(secondOpened(rig)).noneMatch(Effect.SendPing.class::isInstance);

    assertThat(rig.resumeReader()).contains(new Effect.SendPing(2));
  }

  @Test
  void aResumeThatIsNotToldIsNoticedAfterTheInterval() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.pauseReader();
    secondOpened(rig);
    rig.readerPaused = false;
    rig.take();

    rig.advanceSeconds(25);

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void aWaitThatTheServerAskedForHoldsForTheSecondToo() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    long minuteNanos = Duration.ofMinutes(1).toNanos();
    rig.answer = MachineRig.answer(minuteNanos, minuteNanos);

    List<Effect> effects = rig.ended(reset);

    assertThat(effects).contains(new Effect.CancelTransport(2));
    assertThat(rig.state()).isInstanceOf(Waiting.class);
  }

  @Test
  void theEndOfTheConnectionIsTheEndOfBoth() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.answer = MachineRig.STOP;

    assertThat(rig.ended(new PeerClosed(1008, ""))).contains(new Effect.CancelTransport(2));
    assertThat(rig.state()).isInstanceOf(Closed.class);
  }

  @Test
  void closeEndsTheSecondAndClosesTheFirst() {
    MachineRig rig = late(rig(false));

    List<Effect> effects = rig.give(new Event.CloseRequested(1000, ""));

    assertThat(effects)
        .contains(new Effect.CancelTransport(2), new Effect.CloseTransport(1, 1000, ""));
    assertThat(rig.state()).isInstanceOf(Closing.class);
  }

  @Test
  void withoutANetworkBothAreGivenUp() {
    MachineRig rig = late(rig(false));

    assertThat(rig.network(false, ""))
        .contains(new Effect.CancelTransport(1), new Effect.CancelTransport(2));
    assertThat(rig.state()).isInstanceOf(Offline.class);
  }

  @Test
  void onAnotherNetworkTheSecondBeginsAnewIfTheFirstIsStillLate() {
    MachineRig rig = rig(false);
    rig.network(true, "wifi-1");
    late(rig);
    secondSupplied(rig);

    assertThat(rig.network(true, "cell-1")).contains(new Effect.CancelTransport(2));
    rig.flushed();
    rig.advanceSeconds(2);

    assertThat(rig.second).isEqualTo(3);
  }

  @Test
  void whatADroppedSecondSaysLaterIsIgnored() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.pong();

    assertThat(rig.give(new Event.TransportOpened(2, MachineRig.HANDSHAKE, rig.snapshot())))
        .isEmpty();
    assertThat(rig.give(new Event.TransportEnded(2, reset, ConnectTimeline.EMPTY))).isEmpty();
  }

  @Test
  void theSecondHasToProveItselfAsAnyTransport() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    secondOpened(rig);
    rig.flushed();
    rig.pong();
    rig.take();

    rig.advanceSeconds(10);

    assertThat(rig.told(ConnectionEvent.OutageEnded.class))
        .containsExactly(new ConnectionEvent.OutageEnded(2));
  }

  @Test
  void whoIsAskedOnceMoreIsGivenNoMoreTime() {
    MachineRig rig = late(rig(false));

    rig.network(true, "cell-1");
    rig.flushed();
    rig.advance(Duration.ofSeconds(8).minusNanos(1));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  // ---- What a server asks a second one for

  /** The second is turned away for an hour, and the first answers. */
  private MachineRig turnedAway() {
    MachineRig rig = late(rig(false));
    secondSupplied(rig);
    rig.bidNanos = Duration.ofHours(1).toNanos();
    secondEnded(rig, refused);
    rig.pong();
    return rig;
  }

  @Test
  void noOtherIsStartedBesideWithinWhatTheServerAskedFor() {
    MachineRig rig = turnedAway();

    rig.advanceSeconds(25);
    rig.flushed();
    rig.advanceSeconds(2);

    assertThat(rig.told(SuccessorStarted.class)).hasSize(1);
    assertThat(rig.state()).isInstanceOf(Open.class);
  }

  @Test
  void oneIsAgainOnceThatIsOver() {
    MachineRig rig = turnedAway();
    rig.flushesPings = true;
    for (int i = 0; i < 240; i++) {
      rig.byteRead();
      rig.advanceSeconds(15);
    }
    rig.pong();

    rig.advanceSeconds(27);

    assertThat(rig.told(SuccessorStarted.class)).hasSize(2);
  }

  @Test
  void itOutlastsALossOfTheNetwork() {
    MachineRig rig = turnedAway();
    rig.network(false, "");
    rig.advanceSeconds(60);

    rig.network(true, "");

    assertThat(rig.state())
        .isInstanceOfSatisfying(
            Waiting.class,
            waiting -> assertThat(waiting.delay()).isEqualTo(Duration.ofMinutes(59)));
  }

  // ---- Asked to drain

  @Test
  void aPeerThatDrainsKeepsItsTransportUntilTheNextIsOpen() {
    MachineRig rig = new MachineRig(true).openAndPonged();

    rig.protocolFailed(drain);

    assertThat(rig.state()).isInstanceOf(Open.class);
    assertThat(rig.lost()).isFalse();
    rig.advanceSeconds(1);
    assertThat(rig.told(SuccessorStarted.class)).containsExactly(new SuccessorStarted(2, true));
  }

  @Test
  void whoLosesTheOldOneBeforeTheDelayIsOverIsNotKeptAway() {
    MachineRig rig = new MachineRig(true).openAndPonged();
    long minuteNanos = Duration.ofMinutes(1).toNanos();
    rig.answer = MachineRig.answer(minuteNanos, minuteNanos);
    rig.protocolFailed(drain);

    rig.give(new Event.SuspendRequested());
    rig.give(new Event.ResumeRequested(rig.snapshot()));

    assertThat(rig.state()).isInstanceOf(Connecting.class);
  }

  @Test
  void whatTheOldOneHasIsConfirmedBeforeTheNextTakesItsPlace() {
    MachineRig rig = drained();

    List<Effect> opened = secondOpened(rig);

    assertThat(opened).containsSubsequence(new Effect.CloseGate(1), new Effect.SendPing(1));
    rig.flushed();
    rig.pong();
    assertThat(rig.lost()).isFalse();
    List<Effect> settled = settled(rig);
    assertThat(settled)
        .containsSubsequence(
            new Effect.RetireTransport(1),
            new Effect.UseSuccessor(2),
            new Effect.ReleaseReader(2),
            new Effect.StartProtocol(2))
        .doesNotContain(new Effect.CancelTransport(1));
  }

  private static List<Effect> settled(MachineRig rig) {
    return rig.give(new Event.Settled(rig.generation, rig.snapshot()));
  }

  @Test
  void thatAllIsSettledMeansNothingWithoutASecondThatIsOpen() {
    assertThat(settled(new MachineRig().openAndPonged())).isEmpty();
    assertThat(settled(late(rig(false)))).isEmpty();
    assertThat(settled(drained())).isEmpty();
  }

  @Test
  void ifTheNextOneEndsBeforeItIsUsedTheOldOneIsGivenMessagesAgain() {
    MachineRig rig = drained();
    secondOpened(rig);

    List<Effect> effects = secondEnded(rig, reset);

    assertThat(effects)
        .contains(
            new Effect.NoteFailure(2, reset),
            new Effect.CancelTransport(2),
            new Effect.ReopenGate(1));
    assertThat(rig.lost()).isFalse();
  }

  @Test
  void ifTheNextOneDoesNotOpenItIsTriedAgainAndNotAtOnce() {
    MachineRig rig = drained();
    rig.answer = MachineRig.AT_ONCE;

    assertThat(secondEnded(rig, reset)).doesNotContain(new Effect.ReopenGate(1));
    rig.byteRead();
    rig.advance(Duration.ofSeconds(15).minusNanos(1));
    assertThat(rig.second).isZero();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.second).isEqualTo(3);
    assertThat(rig.lost()).isFalse();
  }

  @Test
  void aWishToDrainTakesThePlaceOfASecondThatWasStartedForALatePong() {
    MachineRig rig = late(rig(true));
    secondSupplied(rig);

    assertThat(rig.protocolFailed(drain)).contains(new Effect.CancelTransport(2));
    rig.pong();
    rig.advanceSeconds(1);

    assertThat(rig.told(SuccessorStarted.class))
        .containsExactly(new SuccessorStarted(2, false), new SuccessorStarted(3, true));
  }

  @Test
  void anOldOneThatConfirmsNothingMoreIsNotWaitedForLongerThanAClose() {
    MachineRig rig = drained();
    secondOpened(rig);

    rig.advance(Duration.ofSeconds(2).minusNanos(1));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.loss()).isInstanceOf(Replaced.class);
    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.READY));
  }

  @Test
  void aPeerThatAnswersNoPingsIsReplacedAtOnce() {
    MachineRig rig = new MachineRig(true).open();
    rig.flushed();
    for (int i = 0; i < 70; i++) {
      rig.byteRead();
      rig.advanceSeconds(1);
    }
    assertThat(rig.take()).contains(new Effect.LearnPongs(PongSupport.NO));
    rig.protocolFailed(drain);
    rig.advanceSeconds(1);
    secondSupplied(rig);

    secondOpened(rig);

    assertThat(rig.loss()).isInstanceOf(Replaced.class);
  }

  @Test
  void aPongOfTheOldOneDoesNotEndADrain() {
    MachineRig rig = drained();
    rig.flushed();

    rig.pong();

    assertThat(rig.told(SuccessorDropped.class)).isEmpty();
  }

  @Test
  void beingAskedTwiceStartsOneTransport() {
    MachineRig rig = drained();

    assertThat(rig.protocolFailed(drain)).isEmpty();
  }

  @Test
  void anOldOneThatEndsBeforeTheDelayIsOverIsFollowedAsAnyOther() {
    MachineRig rig = new MachineRig(true).openAndPonged();
    rig.protocolFailed(drain);

    rig.ended(reset);

    assertThat(rig.state()).isInstanceOf(Waiting.class);
    assertThat(rig.timers).doesNotContainKey(Timer.SUCCESSOR);
    rig.advanceSeconds(1);
    assertThat(rig.state()).isEqualTo(new Connecting(2, Phase.REQUEST));
  }

  @Test
  void aRetryThatSaysStopEndsTheConnection() {
    MachineRig rig = new MachineRig(true).openAndPonged();
    rig.answer = MachineRig.STOP;

    rig.protocolFailed(drain);

    assertThat(rig.state())
        .isInstanceOfSatisfying(Closed.class, closed -> assertThat(closed.cause()).isSameAs(drain));
  }

  private MachineRig drained() {
    MachineRig rig = new MachineRig(true).openAndPonged();
    rig.protocolFailed(drain);
    rig.advanceSeconds(1);
    secondSupplied(rig);
    return rig;
  }
}
