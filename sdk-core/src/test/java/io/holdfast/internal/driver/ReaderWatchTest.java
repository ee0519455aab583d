package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.fixtures.VirtualClock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class ReaderWatchTest {
  private final VirtualClock clock = new VirtualClock();
  private final AtomicInteger relieved = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final ReaderWatch watch = new ReaderWatch(clock, lock);

  @Test
  void aCallThatTwoLooksFindIsRelievedOnce() {
    begin();
    look();
    assertThat(relieved).hasValue(0);
    assertThat(watch.isOn()).isTrue();

    look();

    assertThat(relieved).hasValue(1);
    assertThat(watch.isOn()).isFalse();
    assertThat(clock.timers()).isZero();
  }

  @Test
  void callsThatALookFindEachAreNotOneThatTakesLong() {
    for (int i = 0; i < 10; i++) {
      begin();
      look();
      watch.end();
    }
    assertThat(relieved).hasValue(0);
  }

  @Test
  void itLooksForAsLongAsCallsComeAndNotAtRest() {
    for (int i = 0; i < 10; i++) {
      begin();
      watch.end();
    }
    assertThat(clock.timers()).isEqualTo(1);
    look();
    assertThat(clock.timers()).isEqualTo(1);

    look();

    assertThat(clock.timers()).isZero();
    begin();
    assertThat(clock.timers()).isEqualTo(1);
  }

  @Test
  void theAppIsAskedForAThreadWithoutTheLock() {
    watch.begin(() -> assertThat(lock.isLocked()).isFalse());
    watch.scheduleLook();
    look();
    look();
    assertThat(watch.isOn()).isFalse();
  }

  private void begin() {
    if (watch.begin(relieved::incrementAndGet)) watch.scheduleLook();
  }

  private void look() {
    clock.advanceNanos(ReaderWatch.LOOK_NANOS);
  }
}
