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
  void aPongThatWasAwaitedThroughASleepHasItsTimeAnew() {
    rig.flushed();
    rig.nowNanos += Duration.ofHours(1).toNanos();

    rig.woke();
    rig.fire(Timer.LIVENESS);

    assertThat(rig.lost()).isFalse();
    rig.advance(TIMEOUT);
    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aConfirmationThatWasAwaitedThroughASleepHasTheRestOfItsTime() {
    rig.flushesPings = true;
    rig.flushed();
    sendBytesForSeconds(40);
    rig.nowNanos += Duration.ofHours(1).toNanos();

    rig.woke();
    rig.byteRead();
    sendBytesForSeconds(19);
    assertThat(rig.lost()).isFalse();

    sendBytesForSeconds(1);
    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
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
    rig.advance(TIMEOUT.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void whatLiesBeforeThePingOnASlowUplinkIsAllowedFor() {
    rig.flushed(Duration.ofSeconds(40));

    rig.advance(TIMEOUT.plusSeconds(40).minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

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

    rig.advance(TIMEOUT.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aPongForAnOlderPingStartsNoDeadlineForOneThatIsStillBeingWritten() {
    rig.flushed();
    rig.advanceSeconds(1);
    rig.pong(2, true);
    rig.advanceSeconds(24);
    assertThat(rig.lost()).isFalse();

    rig.flushed();
    rig.advance(TIMEOUT.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

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

    sendBytesForSeconds(119);
    assertThat(rig.lost()).isFalse();
    sendBytesForSeconds(1);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
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

    rig.advance(Duration.ofSeconds(2).minusNanos(1));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofNanos(1));

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

    rig.advance(Duration.ofSeconds(2).minusNanos(1));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.lost()).isTrue();
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

    rig.advance(Duration.ofSeconds(2).minusNanos(1));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.lost()).isTrue();
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
    rig.flushesPings = true;
    rig.flushed();
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
    rig.flushesPings = true;
    rig.flushed();
    sendBytesForSeconds(59);
    rig.pong();
    rig.take();

    sendBytesForSeconds(600);

    assertThat(rig.take()).doesNotContain(new Effect.SendPing(1));
    assertThat(rig.state()).isInstanceOf(Open.class);
  }

  @Test
  void aPongThatIsBehindAMessageHasATimeoutOnceThatIsWhole() {
    rig.flushesPings = true;
    rig.flushed();
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
    rig.flushesPings = true;
    rig.flushed();
    sendPartsForSeconds(500);
    rig.byteRead();
    rig.advanceSeconds(9);
    rig.pong();
    rig.advance(INTERVAL);

    // The next ping has no more time for it.
    sendBytesForSeconds(59);
    assertThat(rig.lost()).isFalse();
    sendBytesForSeconds(1);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void aMessageThatIsNeverWholeHoldsAPongUpForTenTimesTheConfirmTimeout() {
    rig.flushesPings = true;
    rig.flushed();

    sendPartsForSeconds(599);
    assertThat(rig.lost()).isFalse();
    sendPartsForSeconds(1);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void eachUnansweredPingHasTheWholeConfirmTimeout() {
    rig.flushesPings = true;
    rig.flushed();
    sendBytesForSeconds(59);
    rig.pong();
    rig.advance(INTERVAL);

    sendBytesForSeconds(59);
    assertThat(rig.lost()).isFalse();
    sendBytesForSeconds(1);

    assertThat(rig.loss()).isInstanceOf(ConfirmationTimedOut.class);
  }

  @Test
  void bytesInTricklesBringNoStormOfPings() {
    rig.flushesPings = true;
    rig.flushed();
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
    rig.advance(TIMEOUT.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void aShortPauseStartsTheAwaitedPongsDeadlineAnew() {
    rig.flushed();
    rig.advanceSeconds(1);
    rig.pauseReader();
    rig.advanceSeconds(8);
    rig.resumeReader();

    rig.advance(TIMEOUT.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.lost()).isTrue();
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
    rig.flushesPings = true;
    rig.flushed();
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
    rig.flushesPings = true;
    rig.flushed();

    pauseOftenForSeconds(15);

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void aReaderThatPausesOftenDoesNotPutTheConfirmTimeoutOff() {
    rig.flushesPings = true;
    rig.flushed();
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
