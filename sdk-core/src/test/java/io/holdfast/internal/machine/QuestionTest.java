package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.Message;
import io.holdfast.internal.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A heartbeat's message and the threads that write it and read its answer. */
class QuestionTest {
  private static final Duration INTERVAL = Heartbeat.DEFAULT.interval();
  private static final Duration TIMEOUT = Heartbeat.DEFAULT.timeout();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final LifeSign.Answer sign =
      (LifeSign.Answer) LifeSign.answer(() -> Message.text("?"), message -> true);
  private final Heartbeat heartbeat = Heartbeat.DEFAULT.withSign(sign);
  private final MachineRig rig =
      new MachineRig(
              new Machine(
                  new Settings.Heartbeats(heartbeat, heartbeat, false),
                  MachineRig.DEADLINES,
                  false))
          .open();

  @Test
  void anAnswerThatIsReadBeforeItsQuestionsFlushIsToldCounts() {
    long takenAtNanos = rig.nowNanos;
    rig.advance(SECOND);
    rig.byteRead();

    flushed(takenAtNanos);

    rig.take();
    rig.advance(INTERVAL);
    assertThat(rig.take()).contains(new Effect.SendQuestion(1, sign));
  }

  @Test
  void aQuestionThatIsStillBeingWrittenHasNoDeadline() {
    rig.advance(TIMEOUT.multipliedBy(3));

    assertThat(rig.lost()).isFalse();
    flushed(rig.nowNanos);
    rig.advance(TIMEOUT);
    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aSecondQuestionDoesNotPutTheDeadlineOfAnUnansweredOneOff() {
    flushed(rig.nowNanos);
    rig.advance(TIMEOUT.minus(SECOND));
    rig.give(new Event.ProbeRequested(rig.snapshot()));

    flushed(rig.nowNanos);

    rig.advance(SECOND);
    assertThat(rig.lost()).isTrue();
  }

  @Test
  void aQuestionThatIsFlushedWhileTheReaderIsPausedIsAskedAgain() {
    rig.pauseReader();
    flushed(rig.nowNanos);
    rig.advance(TIMEOUT.multipliedBy(3));
    assertThat(rig.lost()).isFalse();
    rig.take();

    assertThat(rig.resumeReader()).contains(new Effect.SendQuestion(1, sign));
  }

  @Test
  void aQuestionWhoseHeartbeatIsOutOfUseHasNoDeadline() {
    MachineRig pinging =
        new MachineRig(
                new Machine(
                    new Settings.Heartbeats(heartbeat, Heartbeat.DEFAULT, false),
                    MachineRig.DEADLINES,
                    false))
            .open();
    pinging.give(new Event.BackgroundRequested(true, pinging.snapshot()));

    pinging.give(new Event.QuestionFlushed(1, pinging.nowNanos, pinging.snapshot()));
    pinging.advance(TIMEOUT.multipliedBy(2));

    assertThat(pinging.lost()).isFalse();
  }

  @Test
  void aQuestionWhoseTimeIsOverIsNotMerelyLateForThePingBesideIt() {
    MachineRig beside =
        new MachineRig(
                new Machine(
                    new Settings.Heartbeats(heartbeat, heartbeat, true),
                    MachineRig.DEADLINES,
                    false))
            .open();
    beside.flushed();
    beside.pong();
    beside.give(new Event.QuestionFlushed(1, beside.nowNanos, beside.snapshot()));
    beside.advance(TIMEOUT.minus(SECOND));
    beside.barrierFlushed();

    beside.advance(SECOND);

    assertThat(beside.lost()).isTrue();
  }

  @Test
  void aPingBesideAnAnsweredQuestionHasItsOwnAllowance() {
    rig.pong();
    flushed(rig.nowNanos);
    rig.flushed(TIMEOUT);
    rig.advance(SECOND);
    rig.byteRead();

    rig.advance(TIMEOUT.multipliedBy(2).minusNanos(1));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.lost()).isTrue();
  }

  private void flushed(long takenAtNanos) {
    rig.give(new Event.QuestionFlushed(1, takenAtNanos, rig.snapshot()));
  }
}
