package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException.ConfirmationTimedOut;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.internal.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pings and deadlines of an open transport whose peer is known to answer. */
class LivenessTest {
  private static final Duration NANO = Duration.ofNanos(1);
  private static final Duration INTERVAL = Heartbeat.DEFAULT.interval();
  private static final Duration TIMEOUT = Heartbeat.DEFAULT.timeout();

  private final MachineRig rig = new MachineRig().openAndPonged();

  @Test
  void aPingIsDueAfterTheIntervalOfSilenceAndNotBefore() {
    rig.advance(INTERVAL.minus(NANO));
    assertThat(rig.pings()).isZero();

    rig.advance(NANO);

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void silenceAfterThePingIsDeathAfterTheTimeoutAndNotBefore() {
    rig.advance(INTERVAL);
    rig.flushed();

    rig.advance(TIMEOUT.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.loss())
        .isInstanceOfSatisfying(
            HeartbeatTimedOut.class,
            loss -> assertThat(loss.silence()).isEqualTo(INTERVAL.plus(TIMEOUT)));
  }

  @Test
  void whoWasStoppedReadsFirstWhatCameMeanwhile() {
    rig.flushed();
    rig.nowNanos += TIMEOUT.plusSeconds(2).toNanos();

    rig.fireLate(Timer.LIVENESS, Duration.ofSeconds(2));
    assertThat(rig.lost()).isFalse();
    rig.pong();
    rig.advance(INTERVAL);

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void whoIsLateAgainAndAgainFindsADeadPeerAllTheSame() {
    rig.flushed();
    rig.nowNanos += TIMEOUT.plusSeconds(2).toNanos();
    rig.fireLate(Timer.LIVENESS, Duration.ofSeconds(2));

    rig.fireLate(Timer.LIVENESS, Duration.ofSeconds(2));

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aPingThatIsDueIsNotPutOff() {
    rig.nowNanos += INTERVAL.plusSeconds(2).toNanos();

    rig.fireLate(Timer.LIVENESS, Duration.ofSeconds(2));

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void aTimerThatIsHardlyLatePutsNothingOff() {
    rig.flushed();
    rig.nowNanos += TIMEOUT.plusMillis(99).toNanos();

    rig.fireLate(Timer.LIVENESS, Duration.ofMillis(99));

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aPongThatWasAwaitedThroughASleepHasItsTimeAnew() {
    rig.flushed();
    rig.oversleep();
    rig.fire(Timer.LIVENESS);

    assertThat(rig.lost()).isFalse();
    rig.advance(TIMEOUT);
    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aSleepInWhichTheClockStoodStillGivesAPongNoMoreTime() {
    rig.flushed();
    rig.advanceSeconds(9);

    rig.woke();

    diesAfter(Duration.ofSeconds(1));
  }

  @Test
  void aSleepInWhichTheClockStoodStillGivesAConfirmationNoMoreTime() {
    pingOut();
    sendBytesForSeconds(59);

    rig.woke();
    sendBytesForSeconds(3);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void aConfirmationThatWasAwaitedThroughASleepHasTheRestOfItsTime() {
    pingOut();
    sendBytesForSeconds(40);
    rig.oversleep();
    rig.byteRead();
    isUnconfirmedAfterSeconds(20);
  }

  @Test
  void aPongBeginsTheIntervalAnew() {
    rig.advance(INTERVAL);
    rig.flushed();
    rig.advance(TIMEOUT.minus(NANO));
    rig.pong();
    rig.take();

    rig.advance(INTERVAL.minus(NANO));
    assertThat(rig.take()).isEmpty();
    rig.advance(NANO);

    assertThat(rig.take()).containsExactly(new Effect.SendPing(1));
  }

  @Test
  void noPingIsSentWhileTrafficProvesLife() {
    for (int second = 0; second < 3600; second += 24) {
      rig.advanceSeconds(24);
      rig.byteRead();
    }

    assertThat(rig.pings()).isZero();
    rig.advance(INTERVAL);
    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void theDeadlineStartsWhenThePingIsFlushedSoAWriterHeldUpIsNoDeath() {
    rig.advance(INTERVAL);

    rig.advanceSeconds(3600);
    assertThat(rig.lost()).isFalse();
    rig.flushed();
    diesAfter(TIMEOUT);
  }

  @Test
  void whatLiesBeforeThePingOnASlowUplinkIsAllowedFor() {
    rig.flushed(Duration.ofSeconds(40));

    diesAfter(TIMEOUT.plusSeconds(40));
    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aBarriersPingIsAHeartbeatToo() {
    rig.advanceSeconds(20);
    rig.flushed();

    rig.advance(TIMEOUT);

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aBarriersPongPutsTheNextPingOff() {
    rig.advanceSeconds(20);
    rig.flushed();
    rig.pong();

    rig.advance(INTERVAL.minus(NANO));
    assertThat(rig.pings()).isZero();
    rig.advance(NANO);

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void laterPingsDoNotPutTheDeadlineOfAnOlderOneOff() {
    rig.flushed();
    for (int second = 0; second < 9; second++) {
      rig.advanceSeconds(1);
      rig.flushed();
    }
    assertThat(rig.lost()).isFalse();

    rig.advanceSeconds(1);

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aPongForAnOlderPingStartsTheDeadlineOfTheNext() {
    rig.flushed();
    rig.advanceSeconds(9);
    rig.flushed();
    rig.pong(2, true);

    diesAfter(TIMEOUT);
  }

  @Test
  void aPongForAnOlderPingStartsNoDeadlineForOneThatIsStillBeingWritten() {
    rig.flushed();
    rig.advanceSeconds(1);
    rig.pong(2, true);
    rig.advanceSeconds(24);
    assertThat(rig.lost()).isFalse();

    rig.flushed();
    diesAfter(TIMEOUT);
    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aLongWriteThatProgressesBehindAnAnsweredPingIsNoLackOfConfirmation() {
    rig.flushesPings = false;
    rig.flushed();
    rig.pong(2, true);

    sendBytesForSeconds(600);
    assertThat(rig.lost()).isFalse();
    rig.flushed();
    rig.advance(TIMEOUT);

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void whatLiesBeforeThePingOnASlowUplinkIsAllowedForOnALivePeerToo() {
    rig.flushed(Duration.ofSeconds(60));

    isUnconfirmedAfterSeconds(120);
  }

  @Test
  void aPongThatIsToldBeforeItsPingsFlushLeavesNothingAwaited() {
    rig.pong(2, false);
    rig.flushed();

    rig.advance(TIMEOUT.plusSeconds(1));

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void aPromptPingThatIsAnsweredBeforeItsFlushIsToldMakesTheNextOneNoPromptOne() {
    rig.woke();
    rig.pong(2, false);
    rig.advance(INTERVAL);

    rig.give(new Event.PingFlushed(rig.generation, 3, false, 0, rig.snapshot()));
    rig.advance(TIMEOUT.minusNanos(1));

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void aPongThatOvertakesTheFlushOfTheHeartbeatsOwnPingDoesNotEndTheWatch() {
    rig.advance(INTERVAL);
    rig.pong(2, false);
    rig.flushed();
    rig.take();

    rig.advance(INTERVAL);

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void aProbeAsksAtOnceAndDecidesAfterTheTimeout() {
    rig.advanceSeconds(3);

    assertThat(rig.give(new Event.ProbeRequested(rig.snapshot())))
        .containsExactly(new Effect.SendPing(1));
    rig.flushed();
    rig.advance(TIMEOUT);

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aProbeWhileAPongIsAwaitedDoesNotPutItsDeadlineOff() {
    rig.flushed();
    rig.advanceSeconds(9);
    rig.give(new Event.ProbeRequested(rig.snapshot()));
    rig.flushed();

    rig.advanceSeconds(1);

    assertThat(rig.lost()).isTrue();
  }

  // ---- Silence by the round trip

  @Test
  void whileMessagesAreInFlightSilenceIsJudgedByTheRoundTrip() {
    rig.flushed();
    rig.pongAfter(Duration.ofMillis(200));
    rig.barrierFlushed();

    diesAfter(Duration.ofSeconds(2));
    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aSlowPathHasFourTimesItsRoundTrip() {
    for (int i = 0; i < 100; i++) {
      rig.flushed();
      rig.pongAfter(Duration.ofSeconds(1));
    }
    rig.barrierFlushed();

    rig.advance(Duration.ofMillis(3_999));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofMillis(2));

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aPathWhoseRoundTripsVaryHasFourTimesThatAsWell() {
    for (int i = 0; i < 100; i++) {
      rig.flushed();
      rig.pongAfter(Duration.ofMillis(i % 2 == 0 ? 100 : 700));
    }
    rig.barrierFlushed();

    rig.advanceSeconds(5);

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void withoutARoundTripABarrierHasTheWholeTimeout() {
    MachineRig rig = new MachineRig().open();
    rig.barrierFlushed();

    rig.advance(Duration.ofSeconds(10).minusNanos(1));

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void anIdlePeerHasTheWholeTimeout() {
    rig.flushed();
    rig.pongAfter(Duration.ofMillis(200));
    rig.advanceSeconds(25);
    rig.flushed();

    rig.advance(Duration.ofSeconds(10).minusNanos(1));

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void anyByteGivesABarrierItsTimeAnewAndAsksForNoOtherPing() {
    rig.flushed();
    rig.pongAfter(Duration.ofMillis(200));
    rig.take();
    rig.barrierFlushed();
    for (int i = 0; i < 9; i++) {
      rig.advanceSeconds(1);
      rig.byteRead();
    }

    assertThat(rig.lost()).isFalse();
    assertThat(rig.pings()).isZero();
    rig.advanceSeconds(2);
    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aBarrierHastensThePingThatIsAwaited() {
    rig.flushed();
    rig.pongAfter(Duration.ofMillis(200));
    rig.advanceSeconds(25);
    rig.flushed();
    rig.advanceSeconds(1);
    rig.barrierFlushed();

    rig.advanceSeconds(2);

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aBarrierDoesNotPutTheDeadlineOfThePingBeforeItOff() {
    rig.flushed();
    rig.pongAfter(Duration.ofMillis(200));
    rig.advanceSeconds(25);
    rig.flushed();
    rig.advanceSeconds(9);
    rig.barrierFlushed();

    rig.advanceSeconds(1);

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aByteAfterABarrierEndsTheLongerTimeOfThePingBeforeIt() {
    rig.flushed();
    rig.pongAfter(Duration.ofMillis(200));
    rig.advanceSeconds(25);
    rig.flushed();
    rig.advanceSeconds(9);
    rig.barrierFlushed();
    rig.advance(Duration.ofMillis(500));
    rig.byteRead();

    diesAfter(Duration.ofSeconds(2));
  }

  @Test
  void afterAPauseOfOursABarrierHasItsShortTimeAnew() {
    rig.flushed();
    rig.pongAfter(Duration.ofMillis(200));
    rig.barrierFlushed();
    rig.pauseReader();
    rig.advanceSeconds(60);
    rig.resumeReader();
    rig.flushed();

    diesAfter(Duration.ofSeconds(2));
  }

  @Test
  void aHeartbeatOfAllTimeNeverEnds() {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);
    Heartbeat forEver = new Heartbeat(longest, longest);
    MachineRig patient =
        new MachineRig(
            new Machine(
                new Settings.Heartbeats(forEver, forEver, false), MachineRig.DEADLINES, false));

    patient.open();
    patient.flushed(Duration.ofSeconds(60));
    patient.advance(Duration.ofHours(1));

    assertThat(patient.state()).isInstanceOf(Open.class);
  }

  // ---- Bytes but no pong

  @Test
  void aPeerThatSendsButDoesNotAnswerIsAskedAgain() {
    rig.flushed();
    rig.advanceSeconds(4);
    rig.byteRead();

    rig.advanceSeconds(6);
    assertThat(rig.pings()).isEqualTo(1);
    rig.flushed();
    rig.advanceSeconds(4);

    assertThat(rig.loss())
        .isInstanceOfSatisfying(
            HeartbeatTimedOut.class,
            loss -> {
              assertThat(loss.silence()).isEqualTo(Duration.ofSeconds(10));
              assertThat(loss.unanswered()).isEqualTo(Duration.ofSeconds(14));
            });
  }

  @Test
  void aPeerThatSendsButDoesNotAnswerForTheConfirmTimeoutIsReplaced() {
    pingOut();
    sendBytesForSeconds(59);
    assertThat(rig.lost()).isFalse();

    sendBytesForSeconds(1);

    assertThat(rig.loss())
        .isInstanceOf(ConfirmationTimedOut.class)
        .hasMessageContaining("no pong for PT1M ");
    assertThat(rig.pings()).isBetween(5L, 7L);
  }

  @Test
  void aPongWithinTheConfirmTimeoutEndsTheMatter() {
    pingOut();
    sendBytesForSeconds(59);
    rig.pong();
    rig.take();

    sendBytesForSeconds(600);

    assertThat(rig.take()).doesNotContain(new Effect.SendPing(1));
    assertThat(rig.state()).isInstanceOf(Open.class);
  }

  @Test
  void aPongThatIsBehindAMessageHasATimeoutOnceThatIsWhole() {
    pingOut();
    sendPartsForSeconds(500);
    assertThat(rig.lost()).isFalse();
    rig.byteRead();

    sendBytesForSeconds(9);
    assertThat(rig.lost()).isFalse();
    sendBytesForSeconds(11);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void aPongThatComesBehindALongMessageIsInTime() {
    pingOut();
    sendPartsForSeconds(500);
    rig.byteRead();
    rig.advanceSeconds(9);
    rig.pong();
    rig.advance(INTERVAL);

    // The next ping has no more time for it.
    isUnconfirmedAfterSeconds(60);
  }

  @Test
  void aPongMayComeBehindSeveralLongMessages() {
    pingOut();
    for (int i = 0; i < 4; i++) {
      sendPartsForSeconds(140);
      rig.byteRead();
    }
    assertThat(rig.lost()).isFalse();

    rig.pong();
    rig.advance(INTERVAL);

    isUnconfirmedAfterSeconds(60);
  }

  @Test
  void aLongMessageThatHasJustBegunWhenTimeIsUpHoldsAPongUpToo() {
    pingOut();
    sendPartsForSeconds(58);
    rig.byteRead();
    sendPartsForSeconds(300);
    assertThat(rig.lost()).isFalse();
    rig.byteRead();

    rig.advanceSeconds(9);
    assertThat(rig.lost()).isFalse();
  }

  @Test
  void shortMessagesOfWhichOneIsAlwaysOnItsWayHoldNoPongUp() {
    pingOut();
    for (int i = 0; i < 15; i++) {
      rig.byteRead();
      sendPartsForSeconds(4);
    }
    assertThat(rig.lost()).isFalse();
    rig.byteRead();

    sendPartsForSeconds(5);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void aMessageThatIsNeverWholeHoldsAPongUpForTenTimesTheConfirmTimeout() {
    pingOut();

    sendPartsForSeconds(599);
    assertThat(rig.lost()).isFalse();
    sendPartsForSeconds(1);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void eachUnansweredPingHasTheWholeConfirmTimeout() {
    pingOut();
    sendBytesForSeconds(59);
    rig.pong();
    rig.advance(INTERVAL);

    isUnconfirmedAfterSeconds(60);
  }

  @Test
  void bytesInTricklesBringNoStormOfPings() {
    pingOut();
    for (int milli = 0; milli < 59_000; milli += 7) {
      rig.advance(Duration.ofMillis(7));
      rig.byteRead();
    }

    assertThat(rig.pings()).isLessThanOrEqualTo(12);
  }

  // ---- A reader that the app holds up

  @Test
  void whileTheReaderIsPausedThereIsNeitherPingNorDeadline() {
    rig.advanceSeconds(1);
    rig.pauseReader();

    rig.advanceSeconds(7200);

    assertThat(rig.pings()).isZero();
    assertThat(rig.lost()).isFalse();
  }

  @Test
  void aPauseWhileAPongIsAwaitedIsNoDeath() {
    rig.flushed();
    rig.advanceSeconds(1);
    rig.pauseReader();

    rig.advanceSeconds(7200);

    assertThat(rig.lost()).isFalse();
  }

  @Test
  void afterAPauseThePeerIsProbedAndTheDeadlineStartsWithTheFlush() {
    rig.pauseReader();
    rig.advanceSeconds(7200);

    assertThat(rig.resumeReader()).containsExactly(new Effect.SendPing(1));
    rig.advanceSeconds(3);
    rig.flushed();
    diesAfter(TIMEOUT);
    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aShortPauseStartsTheAwaitedPongsDeadlineAnew() {
    rig.flushed();
    rig.advanceSeconds(1);
    rig.pauseReader();
    rig.advanceSeconds(8);
    rig.resumeReader();

    diesAfter(TIMEOUT);
  }

  @Test
  void afterAPauseWhoeverMustSpeakByItselfHasNoLongerForAPingThatIsOut() {
    Heartbeat listens = Heartbeat.DEFAULT.withSign(LifeSign.PEER_TRAFFIC);
    MachineRig listening =
        new MachineRig(
            new Machine(
                new Settings.Heartbeats(listens, listens, false), MachineRig.DEADLINES, false));
    listening.open();
    listening.flushed(Duration.ofSeconds(60));
    listening.pauseReader();
    listening.advanceSeconds(5);
    listening.resumeReader();

    listening.advance(Duration.ofSeconds(35).minusNanos(1));
    assertThat(listening.lost()).isFalse();
    listening.advance(Duration.ofNanos(1));

    assertThat(listening.lost()).isTrue();
  }

  @Test
  void aShortPauseInSilenceBringsNoPing() {
    rig.advanceSeconds(1);
    rig.pauseReader();
    rig.advanceSeconds(1);

    assertThat(rig.resumeReader()).isEmpty();
  }

  @Test
  void aPingThatIsFlushedWhileTheReaderIsPausedHasNoDeadline() {
    rig.advance(INTERVAL);
    rig.pauseReader();
    rig.flushed();

    rig.advanceSeconds(7200);
    assertThat(rig.lost()).isFalse();
    rig.take();

    assertThat(rig.resumeReader()).containsExactly(new Effect.SendPing(1));
  }

  @Test
  void timeInAPauseDoesNotCountTowardsTheConfirmTimeout() {
    pingOut();
    sendBytesForSeconds(30);
    rig.pauseReader();
    rig.advanceSeconds(7200);
    rig.resumeReader();

    sendBytesForSeconds(29);
    assertThat(rig.lost()).isFalse();

    sendBytesForSeconds(2);
    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void aReaderThatPausesOftenDoesNotPutTheNextPingOff() {
    pingOut();

    pauseOftenForSeconds(15);

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void aReaderThatPausesOftenDoesNotPutTheConfirmTimeoutOff() {
    pingOut();
    // A second of each two is no time of the peer's.
    pauseOftenForSeconds(118);
    assertThat(rig.lost()).isFalse();

    pauseOftenForSeconds(4);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  private void pauseOftenForSeconds(int seconds) {
    for (int i = 0; i < seconds / 2 && !rig.lost(); i++) {
      rig.advanceSeconds(1);
      rig.byteRead();
      rig.pauseReader();
      rig.advanceSeconds(1);
      rig.resumeReader();
    }
  }

  @Test
  void aProbeWhileTheReaderIsPausedIsAskedWhenItGoesOn() {
    rig.pauseReader();

    assertThat(rig.give(new Event.ProbeRequested(rig.snapshot()))).isEmpty();

    assertThat(rig.resumeReader()).containsExactly(new Effect.SendPing(1));
  }

  @Test
  void silenceIsWatchedAgainAfterAnAnsweredProbe() {
    rig.pauseReader();
    rig.advanceSeconds(100);
    rig.resumeReader();
    rig.flushed();
    rig.pong();
    rig.take();

    rig.advance(INTERVAL);

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void theNextTransportStartsAfresh() {
    Settings.Deadlines deadlines = MachineRig.DEADLINES;
    rig.flushed();
    rig.advanceSeconds(10);
    rig.advance(Duration.ofSeconds(1));
    rig.connect();
    rig.take();

    rig.advance(deadlines.proof());

    assertThat(rig.lost()).isFalse();
  }

  /** One is awaited, and each later one is flushed at once. */
  private void pingOut() {
    rig.flushesPings = true;
    rig.flushed();
  }

  private void diesAfter(Duration duration) {
    rig.advance(duration.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);
    assertThat(rig.lost()).isTrue();
  }

  private void isUnconfirmedAfterSeconds(int seconds) {
    sendBytesForSeconds(seconds - 1);
    assertThat(rig.lost()).isFalse();
    sendBytesForSeconds(1);
    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  private void sendBytesForSeconds(int seconds) {
    sendForSeconds(seconds, rig::byteRead);
  }

  private void sendPartsForSeconds(int seconds) {
    sendForSeconds(seconds, rig::partRead);
  }

  private void sendForSeconds(int seconds, Runnable read) {
    for (int i = 0; i < seconds; i++) {
      rig.advance(Duration.ofMillis(500));
      read.run();
      rig.advance(Duration.ofMillis(500));
    }
  }
}
