package io.holdfast.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimersTest {
  // As of Event.TimerFired.
  private static final long LATE_NANOS = 100_000_000;
  private static final Snapshot NOW = new Snapshot(0, 0, 0, false, false, 0);

  private final List<Effect> effects = new ArrayList<>();
  private final Timers timers = new Timers(effects::add);

  @Test
  void oneThatWasStartedAgainIsOverOnce() {
    timers.start(Timer.ATTEMPT, 1);
    Event.TimerFired first = fired(0);
    timers.start(Timer.ATTEMPT, 2);
    Event.TimerFired second = fired(0);

    assertThat(timers.isOver(first, true)).isFalse();
    assertThat(timers.isOver(second, true)).isTrue();
    assertThat(timers.isOver(second, true)).isFalse();
  }

  @Test
  void oneThatWasStoppedIsNotOver() {
    timers.start(Timer.ATTEMPT, 1);
    Event.TimerFired fired = fired(0);
    timers.stop(Timer.ATTEMPT);

    assertThat(timers.isOver(fired, true)).isFalse();
    assertThat(effects).contains(new Effect.StopTimer(Timer.ATTEMPT));
  }

  @Test
  void aDeadlineThatIsLateIsPutOffOnce() {
    timers.start(Timer.ATTEMPT, 1);

    assertThat(timers.isOver(fired(LATE_NANOS), true)).isFalse();
    assertThat(timers.isRunning(Timer.ATTEMPT)).isTrue();
    assertThat(timers.isOver(fired(LATE_NANOS), true)).isTrue();
    assertThat(timers.isRunning(Timer.ATTEMPT)).isFalse();
  }

  @Test
  void theNextDeadlineIsPutOffAgain() {
    timers.start(Timer.ATTEMPT, 1);
    timers.isOver(fired(LATE_NANOS), true);
    timers.start(Timer.ATTEMPT, 1);

    assertThat(timers.isOver(fired(LATE_NANOS), true)).isFalse();
  }

  @Test
  void neitherIsWhatIsHardlyLateNorWhatIsNoDeadline() {
    timers.start(Timer.ATTEMPT, 1);
    assertThat(timers.isOver(fired(LATE_NANOS - 1), true)).isTrue();

    timers.start(Timer.ATTEMPT, 1);
    assertThat(timers.isOver(fired(LATE_NANOS), false)).isTrue();
  }

  // The newest that was started.
  private Event.TimerFired fired(long lateNanos) {
    Effect.StartTimer start = (Effect.StartTimer) effects.get(effects.size() - 1);
    return new Event.TimerFired(start.timer(), start.token(), lateNanos, NOW);
  }
}
