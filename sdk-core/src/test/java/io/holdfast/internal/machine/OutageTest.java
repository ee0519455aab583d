package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.Message;
import io.holdfast.internal.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An outage ends only once a transport has proved itself. */
class OutageTest {
  private final MachineRig rig = new MachineRig();

  @Test
  void aPongBeforeTheTimeProvesWhenTheTimeHasPassed() {
    rig.openAndPonged();

    rig.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(rig.take()).isEmpty();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.take())
        .containsExactly(new Effect.EndOutage(), new Effect.PublishEvent(new OutageEnded(1)));
  }

  @Test
  void theTimeAloneProvesNothingAndALaterPongDoes() {
    rig.open();
    rig.flushed();
    for (int i = 0; i < 12; i++) {
      rig.byteRead();
      rig.advanceSeconds(1);
    }
    assertThat(rig.told(OutageEnded.class)).isEmpty();

    rig.pong();

    assertThat(rig.told(OutageEnded.class)).containsExactly(new OutageEnded(1));
  }

  @Test
  void anOutageEndsOnceForATransport() {
    rig.openAndPonged();
    rig.advanceSeconds(10);
    rig.flushed();
    rig.pong();
    rig.flushed();
    rig.pong();

    assertThat(rig.told(OutageEnded.class)).hasSize(1);
  }

  @Test
  void attemptsStartOverAfterProof() {
    rig.openRequested();
    rig.ended(new EndedWithoutClose());
    rig.advanceSeconds(1);
    rig.connect();
    rig.flushed();
    rig.pong();
    rig.advanceSeconds(10);

    rig.ended(new EndedWithoutClose());

    assertThat(rig.told(RetryScheduled.class))
        .extracting(RetryScheduled::attempt)
        .isEqualTo(List.of(2, 1));
  }

  @Test
  void aServerThatAcceptsAndDropsKeepsTheCountGrowing() {
    EndedWithoutClose ended = new EndedWithoutClose();
    rig.openRequested();
    for (int attempt = 1; attempt <= 20; attempt++) {
      rig.connect();
      rig.flushed();
      rig.pong();
      rig.advance(Duration.ofSeconds(10).minusNanos(1));
      rig.ended(ended);
      rig.advanceSeconds(1);
    }

    assertThat(rig.take())
        .doesNotContain(new Effect.EndOutage())
        .contains(new Effect.PublishEvent(new RetryScheduled(21, Duration.ofSeconds(1), ended)));
  }

  @Test
  void theFirstPingAsksForProofEvenIfTheReaderBeginsPausedAndTheTransportIsBusyAfterwards() {
    rig.pauseReader();
    rig.open();
    assertThat(rig.pings()).isZero();
    rig.advanceSeconds(1);

    rig.resumeReader();

    assertThat(rig.pings()).isEqualTo(1);
    rig.flushed();
    rig.pong();
    rig.advanceSeconds(10);
    assertThat(rig.told(OutageEnded.class)).hasSize(1);
  }

  @Test
  void whereNoPingIsAnsweredAnyInboundByteProves() {
    learnThatPingsAreNotAnswered();
    rig.advanceSeconds(3);
    rig.byteRead();

    rig.advance(Duration.ofSeconds(7).minusNanos(1));
    assertThat(rig.told(OutageEnded.class)).isEmpty();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.told(OutageEnded.class)).hasSize(1);
  }

  @Test
  void whereNoPingIsAnsweredASilentTransportProvesNothingUntilItSpeaks() {
    learnThatPingsAreNotAnswered();
    rig.advanceSeconds(100);
    assertThat(rig.told(OutageEnded.class)).isEmpty();

    rig.byteRead();
    rig.advanceSeconds(60);

    assertThat(rig.told(OutageEnded.class)).hasSize(1);
  }

  @Test
  void whereNoPingIsAnsweredAFirstByteAfterTheTimeProvesAtTwiceTheTime() {
    learnThatPingsAreNotAnswered();
    rig.advanceSeconds(12);
    rig.byteRead();

    rig.advance(Duration.ofSeconds(8).minusNanos(1));
    assertThat(rig.told(OutageEnded.class)).isEmpty();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.told(OutageEnded.class)).hasSize(1);
  }

  @Test
  void aTransportThatIsLostUnprovedDoesNotProveTheNext() {
    rig.openAndPonged();
    rig.advanceSeconds(9);
    rig.ended(new EndedWithoutClose());
    rig.advanceSeconds(1);
    rig.connect();

    rig.advanceSeconds(9);

    assertThat(rig.told(OutageEnded.class)).isEmpty();
  }

  @Test
  void withoutATimeToProveThePongIsEnough() {
    Settings.Deadlines d = MachineRig.DEADLINES;
    MachineRig atOnce =
        new MachineRig(
            new Settings.Deadlines(
                d.attempt(),
                Duration.ZERO,
                d.confirm(),
                d.writeStall(),
                d.close(),
                d.stallLimit(),
                d.ready(),
                d.outageNotice(),
                d.outageLimit()),
            false);
    atOnce.open();
    atOnce.advance(Duration.ZERO);
    atOnce.flushed();

    List<Effect> effects = atOnce.pong();

    assertThat(effects).contains(new Effect.EndOutage());
    assertThat(MachineRig.told(effects, ConnectionEvent.RoundTripMeasured.class))
        .containsExactly(new ConnectionEvent.RoundTripMeasured(1, Duration.ofNanos(7)));
  }

  private void learnThatPingsAreNotAnswered() {
    rig.answer = MachineRig.answer(0, 0);
    rig.openRequested();
    rig.flushesPings = true;
    for (int silent = 0; silent < 2; silent++) {
      rig.connect();
      rig.advanceSeconds(10);
    }
    rig.connect();
    rig.take();
  }

  @Test
  void whereTheSignOfLifeIsNoPongAnyByteIsTheProof() {
    LifeSign question = LifeSign.answer(() -> Message.text("ping"), message -> false);
    MachineRig rig =
        new MachineRig(
            new Machine(
                new Settings.Heartbeats(
                    Heartbeat.DEFAULT, Heartbeat.DEFAULT.withSign(question), false),
                MachineRig.DEADLINES,
                false));
    rig.give(new Event.BackgroundRequested(true, rig.snapshot()));
    rig.open();
    rig.advanceSeconds(1);
    rig.byteRead();

    rig.advanceSeconds(10);

    assertThat(rig.told(OutageEnded.class)).containsExactly(new OutageEnded(1));
  }
}
