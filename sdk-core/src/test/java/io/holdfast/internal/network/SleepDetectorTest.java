package io.holdfast.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SleepDetectorTest {
  private final SleepDetector detector = new SleepDetector();
  // A monotonic clock has no zero, and may overflow.
  private long nowNanos = Long.MAX_VALUE - 20_000_000_000L;
  private long wallMillis = 1_700_000_000_000L;

  @Test
  void timersOnTimeTellOfNoSleep() {
    detector.look(nowNanos, wallMillis);

    for (int i = 0; i < 1_000; i++) {
      long due = nowNanos + seconds(25);
      pass(seconds(25));
      assertThat(fired(due)).isZero();
    }
  }

  @Test
  void aTimerThatFiresLateTellsHowLongWhereTheClockGoesOn() {
    long due = nowNanos + seconds(25);
    detector.look(nowNanos, wallMillis);

    pass(seconds(25) + seconds(60));

    assertThat(fired(due)).isEqualTo(seconds(60));
  }

  @Test
  void onlyAClockThatGoesOnOverrunsItsTimers() {
    long due = nowNanos + seconds(25);
    detector.look(nowNanos, wallMillis);

    pass(seconds(25));
    wallMillis += 3_600_000;
    assertThat(detector.fired(due, nowNanos, wallMillis).overran()).isFalse();

    due = nowNanos + seconds(25);
    pass(seconds(25) + seconds(60));
    assertThat(detector.fired(due, nowNanos, wallMillis).overran()).isTrue();
  }

  @Test
  void oneSleepIsToldOnceHoweverManyTimersItMadeLate() {
    long due = nowNanos + seconds(10);
    pass(seconds(100));

    assertThat(fired(due)).isEqualTo(seconds(90));
    assertThat(fired(due + seconds(1))).isZero();
    pass(1_000);
    assertThat(fired(due + seconds(5))).isZero();
  }

  @Test
  void theNextSleepIsToldAgain() {
    long due = nowNanos + seconds(10);
    pass(seconds(100));
    fired(due);

    pass(seconds(50));

    assertThat(fired(nowNanos - seconds(10))).isEqualTo(seconds(10));
  }

  @Test
  void aWallClockThatGainedTellsWhereTheOtherStoodStill() {
    detector.look(nowNanos, wallMillis);

    pass(seconds(25));
    wallMillis += 3_600_000;

    assertThat(look()).isEqualTo(Duration.ofHours(1).toNanos());
    assertThat(fired(nowNanos)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400_000, -1_000, 1_000, 3_000})
  void aWallClockThatIsCorrectedTellsOfNoSleep(long step) {
    detector.look(nowNanos, wallMillis);

    wallMillis += step;

    assertThat(look()).isZero();
  }

  @Test
  void clocksThatDriftApartOverHoursTellOfNoSleep() {
    detector.look(nowNanos, wallMillis);

    pass(Duration.ofHours(10).toNanos());
    // 500 ppm, as fast as a clock is ever corrected.
    wallMillis += 18_000;

    assertThat(look()).isZero();
  }

  @Test
  void aBusyMachineTellsOfNoSleep() {
    long due = nowNanos + seconds(25);
    detector.look(nowNanos, wallMillis);

    pass(seconds(28));

    assertThat(fired(due)).isZero();
  }

  private void pass(long nanos) {
    nowNanos += nanos;
    wallMillis += nanos / 1_000_000;
  }

  private long look() {
    return detector.look(nowNanos, wallMillis);
  }

  private long fired(long dueNanos) {
    return detector.fired(dueNanos, nowNanos, wallMillis).nanos();
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
