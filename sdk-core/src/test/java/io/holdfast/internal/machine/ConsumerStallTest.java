package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException.ConsumerStalled;
import io.holdfast.ConnectionState.Open;
import io.holdfast.internal.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A consumer that is too far behind while a confirmation is due. */
class ConsumerStallTest {
  private final MachineRig rig = new MachineRig().openAndPonged();

  @Test
  void aStallIsToldAtOnceAndTheTransportGivenUpAtTheLimit() {
    stall(rig);
    assertThat(rig.told(ConnectionEvent.ConsumerStalled.class))
        .containsExactly(new ConnectionEvent.ConsumerStalled(1));

    rig.advance(Duration.ofMinutes(5).minusNanos(1));
    assertThat(rig.lost()).isFalse();
    rig.advance(Duration.ofNanos(1));

    assertThat(rig.loss()).isInstanceOf(ConsumerStalled.class);
  }

  @Test
  void aReaderThatGoesOnInTimeEndsTheMatter() {
    stall(rig);
    rig.advance(Duration.ofMinutes(5).minusNanos(1));
    rig.resumeReader();

    assertThat(rig.timers).doesNotContainKey(Timer.STALL);
  }

  @Test
  void aStallThatIsOverBeforeItIsHeardOfIsNone() {
    rig.resumeReader();

    assertThat(rig.give(new Event.ReaderStalled(1, rig.snapshot()))).isEmpty();
    assertThat(rig.timers).doesNotContainKey(Timer.STALL);
  }

  @Test
  void withoutALimitTheStallIsToldAndTheTransportKept() {
    Settings.Deadlines d = MachineRig.DEADLINES;
    MachineRig patient =
        new MachineRig(
            new Settings.Deadlines(
                d.attempt(),
                d.proof(),
                d.confirm(),
                d.writeStall(),
                d.close(),
                Duration.ZERO,
                d.ready(),
                d.outageNotice(),
                d.outageLimit()),
            false);
    patient.openAndPonged();

    stall(patient);
    patient.advance(Duration.ofDays(1));

    assertThat(patient.told(ConnectionEvent.ConsumerStalled.class)).hasSize(1);
    assertThat(patient.state()).isInstanceOf(Open.class);
  }

  private static void stall(MachineRig rig) {
    rig.pauseReader();
    rig.give(new Event.ReaderStalled(1, rig.snapshot()));
  }
}
