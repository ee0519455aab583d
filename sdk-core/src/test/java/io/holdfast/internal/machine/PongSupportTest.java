package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.PongSupportLearned;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Open;
import io.holdfast.PongSupport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is learnt of a peer's answers to our pings. */
class PongSupportTest {
  private final MachineRig rig = new MachineRig();

  PongSupportTest() {
    rig.flushesPings = true;
    rig.answer = MachineRig.AT_ONCE;
  }

  @Test
  void theFirstPongSaysYesOnce() {
    rig.open();
    rig.pong();
    rig.pong();

    assertThat(rig.told(PongSupportLearned.class))
        .containsExactly(new PongSupportLearned(PongSupport.YES));
    assertThat(rig.take()).containsOnlyOnce(new Effect.LearnPongs(PongSupport.YES));
  }

  @Test
  void aPeerThatSendsForTheConfirmTimeoutAndNeverAnswersSaysNo() {
    rig.open();
    sendBytesForSeconds(59);
    assertThat(rig.told(PongSupportLearned.class)).isEmpty();

    sendBytesForSeconds(1);

    assertThat(rig.told(PongSupportLearned.class))
        .containsExactly(new PongSupportLearned(PongSupport.NO));
    assertThat(rig.lost()).isFalse();
    assertThat(rig.state()).isInstanceOf(Open.class);
  }

  @Test
  void twoSilentTransportsSayNoAndTheThirdIsKept() {
    rig.openRequested();
    rig.connect();
    rig.advanceSeconds(10);
    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
    assertThat(rig.told(PongSupportLearned.class)).isEmpty();
    rig.connect();
    rig.advanceSeconds(10);
    assertThat(rig.told(PongSupportLearned.class))
        .containsExactly(new PongSupportLearned(PongSupport.NO));
    rig.connect();
    rig.take();

    rig.advance(Duration.ofDays(30));

    assertThat(rig.lost()).isFalse();
    assertThat(rig.generation).isEqualTo(3);
  }

  @Test
  void transportsThatWereLostForAnotherReasonSayNothing() {
    rig.openRequested();
    for (int i = 0; i < 10; i++) {
      rig.connect();
      rig.advanceSeconds(5);
      rig.ended(new StreamBroken("reset", null));
    }

    assertThat(rig.told(PongSupportLearned.class)).isEmpty();
  }

  @Test
  void whoEverAnsweredIsHeldToIt() {
    rig.open();
    rig.pong();
    for (int silent = 0; silent < 5; silent++) {
      rig.advanceSeconds(35);
      rig.connect();
    }

    assertThat(rig.told(PongSupportLearned.class))
        .containsExactly(new PongSupportLearned(PongSupport.YES));
  }

  @Test
  void atNoAPingIsStillSentAfterAnIntervalOfSilenceForThePeerMayLearn() {
    learnNo();

    rig.advanceSeconds(3600);

    assertThat(rig.pings()).isBetween(3600L / 36, 3600L / 25 + 1);
    assertThat(rig.lost()).isFalse();
  }

  @Test
  void atNoTheIntervalOfSilenceCountsFromTheLastByteAlthoughAPingIsOut() {
    learnNo();
    rig.advanceSeconds(25);
    rig.flushed();
    rig.take();
    rig.advanceSeconds(5);
    rig.byteRead();

    rig.advance(Duration.ofSeconds(25).minusNanos(1));
    assertThat(rig.pings()).isZero();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.pings()).isEqualTo(1);
  }

  @Test
  void aServerThatAnswersNoPingsNeverCausesAReconnectLoopHoweverItSends() {
    rig.openRequested();
    rig.connect();
    for (int second = 0; second < 86_400; second++) {
      if (rig.state() instanceof Open) rig.advanceSeconds(1);
      else rig.connect();
      if (second % 97 < 30) rig.byteRead();
    }

    assertThat(rig.generation).isLessThanOrEqualTo(3);
  }

  @Test
  void aPongAfterAllTurnsNoIntoYesAndSilenceIsDeathAgain() {
    learnNo();
    rig.advanceSeconds(25);
    rig.pong();
    assertThat(rig.told(PongSupportLearned.class))
        .containsExactly(new PongSupportLearned(PongSupport.YES));

    rig.advanceSeconds(35);

    assertThat(rig.loss()).isInstanceOf(HeartbeatTimedOut.class);
  }

  @Test
  void whatWasLearntHoldsForTheNextTransport() {
    learnNo();
    rig.ended(new StreamBroken("reset", null));
    rig.connect();
    rig.take();

    rig.advanceSeconds(1000);

    assertThat(rig.lost()).isFalse();
  }

  private void learnNo() {
    rig.open();
    sendBytesForSeconds(60);
    assertThat(rig.told(PongSupportLearned.class)).hasSize(1);
    rig.take();
  }

  private void sendBytesForSeconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      rig.advance(Duration.ofMillis(500));
      rig.byteRead();
      rig.advance(Duration.ofMillis(500));
    }
  }
}
