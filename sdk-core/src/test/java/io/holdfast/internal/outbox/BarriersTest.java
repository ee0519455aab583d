package io.holdfast.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.internal.outbox.Barriers.Barrier;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BarriersTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long KIB = 1 << 10;

  private final Barriers barriers = new Barriers();

  @Test
  void numbersGoOnFromOneAndAcrossTransports() {
    assertThat(barriers.add(1, 0).number).isEqualTo(1);
    assertThat(barriers.add(1, 0).number).isEqualTo(2);

    barriers.reset();

    assertThat(barriers.isEmpty()).isTrue();
    assertThat(barriers.add(1, 0).number).isEqualTo(3);
  }

  @Test
  void anAnswerDropsItsPingAndAllOlderOnes() {
    for (int i = 1; i <= 4; i++) barriers.add(10L * i, 0);

    Barrier answered = Objects.requireNonNull(barriers.answered(3, 0));

    assertThat(answered.lastCovered).isEqualTo(30);
    assertThat(barriers.answered(1, 0)).isNull();
    assertThat(barriers.answered(2, 0)).isNull();
    assertThat(barriers.answered(3, 0)).isNull();
    assertThat(barriers.isEmpty()).isFalse();
    assertThat(barriers.answered(4, 0)).isNotNull();
    assertThat(barriers.isEmpty()).isTrue();
  }

  @Test
  void aNumberThatIsNotOutstandingIsNoAnswer() {
    assertThat(barriers.answered(1, 0)).isNull();
    barriers.add(1, 0);

    assertThat(barriers.answered(0, 0)).isNull();
    assertThat(barriers.answered(2, 0)).isNull();
    assertThat(barriers.answered(Long.MAX_VALUE, 0)).isNull();
  }

  @Test
  void theNinthPingTakesThePlaceOfTheEighth() {
    for (int i = 1; i <= Barriers.MAX_OUTSTANDING; i++) {
      assertThat(barriers.hasRoom()).isTrue();
      barriers.add(i, 0);
    }
    assertThat(barriers.hasRoom()).isFalse();

    barriers.add(9, 0);

    assertThat(barriers.hasRoom()).isFalse();
    // A slow peer answers in order, and the first answer counts.
    assertThat(Objects.requireNonNull(barriers.answered(1, 0)).lastCovered).isEqualTo(1);
    assertThat(Objects.requireNonNull(barriers.answered(9, 0)).lastCovered).isEqualTo(9);
    assertThat(barriers.isEmpty()).isTrue();
  }

  @Test
  void anAnswerToAReplacedPingConfirmsWhatOlderOnesCoverAndNoMore() {
    for (int i = 1; i <= Barriers.MAX_OUTSTANDING + 1; i++) barriers.add(i, 0);

    assertThat(Objects.requireNonNull(barriers.answered(8, 0)).lastCovered).isEqualTo(7);

    assertThat(barriers.isEmpty()).isFalse();
    assertThat(Objects.requireNonNull(barriers.answered(9, 0)).lastCovered).isEqualTo(9);
  }

  @Test
  void aPingIsFlushedOnce() {
    assertThat(barriers.flushed(1)).isNull();
    Barrier added = barriers.add(1, 5);
    assertThat(added.sentAtNanos).isEqualTo(5);

    assertThat(barriers.flushed(7)).isSameAs(added);

    assertThat(added.sentAtNanos).isEqualTo(7);
    assertThat(barriers.flushed(8)).isNull();
    assertThat(added.sentAtNanos).isEqualTo(7);
  }

  @Test
  void theAllowanceIsSixteenKibibytesASecondAtFirst() {
    assertThat(barriers.allowanceNanos()).isZero();

    barriers.took(16 * KIB, 0);
    assertThat(barriers.allowanceNanos()).isEqualTo(SECOND);
    barriers.took(64 * KIB, 0);
    assertThat(barriers.allowanceNanos()).isEqualTo(5 * SECOND);
  }

  @Test
  void theAllowanceIsAMinuteAtMost() {
    barriers.took(60 * 16 * KIB, 0);
    assertThat(barriers.allowanceNanos()).isEqualTo(60 * SECOND);

    barriers.took(1, 0);
    assertThat(barriers.allowanceNanos()).isEqualTo(60 * SECOND);
    barriers.took(Long.MAX_VALUE / 2, 0);
    assertThat(barriers.allowanceNanos()).isEqualTo(60 * SECOND);
  }

  @Test
  void anAnswerLeavesTheAllowanceOfWhatWasTakenAfterItsPing() {
    barriers.took(8 * KIB, 0);
    barriers.add(1, 0);
    barriers.took(4 * KIB, 0);

    barriers.answered(1, SECOND);

    assertThat(barriers.allowanceNanos()).isEqualTo(SECOND / 4);
  }

  @Test
  void aFasterDrainShortensTheAllowanceAndASlowerOneLengthensIt() {
    long now = 0;
    for (int i = 1; i <= 60; i++) now = roundOf(256 * KIB, now, SECOND);
    barriers.took(256 * KIB, now);
    assertThat(barriers.allowanceNanos()).isBetween(SECOND * 99 / 100, SECOND * 101 / 100);

    barriers.reset();
    for (int i = 1; i <= 60; i++) now = roundOf(32 * KIB, now, 8 * SECOND);
    barriers.took(32 * KIB, now);
    assertThat(barriers.allowanceNanos()).isBetween(8 * SECOND * 99 / 100, 8 * SECOND * 101 / 100);
  }

  @Test
  void idleTimeIsNotMeasured() {
    long now = 0;
    for (int i = 1; i <= 60; i++) now = roundOf(256 * KIB, now + 3600 * SECOND, SECOND);

    barriers.took(256 * KIB, now);

    assertThat(barriers.allowanceNanos()).isBetween(SECOND * 99 / 100, SECOND * 101 / 100);
  }

  @Test
  void littleTellsNothingOfTheRate() {
    long now = 0;
    for (int i = 1; i <= 60; i++) now = roundOf(16 * KIB - 1, now, 1);

    barriers.took(16 * KIB, now);

    assertThat(barriers.allowanceNanos()).isEqualTo(SECOND);
  }

  @Test
  void anAnswerInNoTimeDividesByNothing() {
    for (int i = 1; i <= 100; i++) roundOf(16 * KIB, 0, 0);
    barriers.took(16 * KIB, 0);
    assertThat(barriers.allowanceNanos()).isBetween(0L, 2L);
  }

  @Test
  void theRateIsAFirstGuessForTheNextTransport() {
    long now = 0;
    for (int i = 1; i <= 60; i++) now = roundOf(256 * KIB, now, SECOND);
    barriers.took(1 << 20, now);

    barriers.reset();

    assertThat(barriers.allowanceNanos()).isZero();
    barriers.took(256 * KIB, now);
    assertThat(barriers.allowanceNanos()).isBetween(SECOND * 99 / 100, SECOND * 101 / 100);
  }

  private long roundOf(long bytes, long now, long tripNanos) {
    barriers.took(bytes, now);
    long number = barriers.add(0, now).number;
    barriers.flushed(now);
    barriers.answered(number, now + tripNanos);
    return now + tripNanos;
  }
}
