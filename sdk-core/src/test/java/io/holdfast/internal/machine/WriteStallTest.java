package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException.WriteStalled;
import io.holdfast.ConnectionState.Connecting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A write that makes no progress is death, unless our own consumer is why. */
class WriteStallTest {
  private static final Duration NANO = Duration.ofNanos(1);
  private static final Duration STALL = MachineRig.DEADLINES.writeStall();

  private final MachineRig rig = new MachineRig().openAndPonged();

  @Test
  void aWriteWithoutProgressIsDeathAfterTheTimeAndNotBefore() {
    beginWrite();

    advanceAlive(STALL.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.loss()).isInstanceOf(WriteStalled.class).hasMessageContaining("PT30S");
  }

  @Test
  void aSleepIsNoStall() {
    beginWrite();
    rig.oversleep();
    rig.byteRead();
    rig.fire(Timer.WRITE);
    assertThat(rig.lost()).isFalse();

    advanceAlive(STALL);

    assertThat(rig.loss()).isInstanceOf(WriteStalled.class);
  }

  @Test
  void progressPutsTheDeathOff() {
    beginWrite();
    advanceAlive(Duration.ofSeconds(29));
    rig.writeProgressAtNanos = rig.nowNanos;

    advanceAlive(STALL.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.loss()).isInstanceOf(WriteStalled.class);
  }

  @Test
  void whenNoWriteIsUnderWayTheWatchEnds() {
    beginWrite();
    rig.writing = false;
    rig.take();

    advanceAlive(STALL);

    assertThat(rig.take()).contains(new Effect.UnwatchWrites(1));
    assertThat(rig.timers).doesNotContainKey(Timer.WRITE);
  }

  @Test
  void aPingThatIsWrittenEndsTheWatchIfNothingElseIsBeingWritten() {
    beginWrite();
    assertThat(rig.flushed()).doesNotContain(new Effect.UnwatchWrites(1));
    rig.writing = false;

    assertThat(rig.flushed()).contains(new Effect.UnwatchWrites(1));

    assertThat(rig.timers).doesNotContainKey(Timer.WRITE);
  }

  @Test
  void whileTheReaderIsPausedThePeerMayBeUnableToRead() {
    beginWrite();
    rig.pauseReader();

    rig.advanceSeconds(7200);

    assertThat(rig.lost()).isFalse();
    assertThat(rig.timers).containsKey(Timer.WRITE);
  }

  @Test
  void afterAPauseTheWriteHasTheWholeTimeAgain() {
    beginWrite();
    rig.pauseReader();
    rig.advanceSeconds(44);
    rig.resumeReader();

    advanceAlive(STALL.minus(NANO));
    assertThat(rig.lost()).isFalse();
    rig.advance(NANO);

    assertThat(rig.loss()).isInstanceOf(WriteStalled.class);
  }

  @Test
  void aLostTransportsWriteIsNotWatched() {
    beginWrite();

    rig.ended(new io.holdfast.ConnectionException.EndedWithoutClose());

    assertThat(rig.timers).doesNotContainKey(Timer.WRITE);
  }

  @Test
  void aWriteThatBeganBeforeTheProtocolWasReadyIsWatchedThroughout() {
    MachineRig ready = new MachineRig(true);
    ready.openRequested();
    ready.supplied();
    ready.transportOpened();
    ready.writing = true;
    ready.writeProgressAtNanos = ready.nowNanos;
    ready.give(new Event.WriteBegun(1));
    assertThat(ready.state()).isInstanceOf(Connecting.class);
    ready.protocolReady();

    ready.advance(STALL);

    assertThat(ready.loss()).isInstanceOf(WriteStalled.class);
  }

  private void beginWrite() {
    rig.writing = true;
    rig.writeProgressAtNanos = rig.nowNanos;
    rig.give(new Event.WriteBegun(1));
  }

  private void advanceAlive(Duration duration) {
    rig.byteRead();
    rig.advance(duration);
  }
}
