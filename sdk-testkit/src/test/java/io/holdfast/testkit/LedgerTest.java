package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void aRepeatIsADuplicateAndDoesNotBreakTheOrder() {
    arrive("m-1", "m-2", "m-1", "m-4", "m-2");

    assertThat(ledger.arrivals()).isEqualTo(5);
    assertThat(ledger.distinct()).isEqualTo(3);
    assertThat(ledger.duplicates()).isEqualTo(2);
    assertThat(ledger.times(1)).isEqualTo(2);
    assertThat(ledger.times(3)).isZero();
    assertThat(ledger.orderKept()).isTrue();
  }

  @Test
  void aNumberThatFirstArrivesAfterAHigherOneBreaksTheOrder() {
    arrive("m-1", "m-3", "m-2");

    assertThat(ledger.orderKept()).isFalse();
    assertThat(ledger)
        .hasToString("Ledger{arrivals=3, distinct=3, duplicates=0, unnumbered=0, orderKept=false}");
  }

  @Test
  void missingNamesTheGapsOfTheRange() {
    arrive("0", "2", "3000000000");

    assertThat(ledger.missing(0, 5)).containsExactly(1, 3, 4);
    assertThat(ledger.missing(2_999_999_999L, 3_000_000_002L))
        .containsExactly(2_999_999_999L, 3_000_000_001L);
    assertThat(ledger.missing(2, 3)).isEmpty();
  }

  @Test
  void aTextWithNoNumberArrivesAndIsNotCountedOtherwise() {
    arrive("hello", "hello");

    assertThat(ledger.arrivals()).isEqualTo(2);
    assertThat(ledger.unnumbered()).isEqualTo(2);
    assertThat(ledger.distinct()).isZero();
    assertThat(ledger.duplicates()).isZero();
  }

  @Test
  void theFirstTextsAreKeptIfAskedAndNoMoreThanAsked() {
    Ledger keeping = new Ledger(text -> text.length(), 2);

    keeping.record(1, "a");
    keeping.record(2, "bcd");
    keeping.record(2, "ef");

    assertThat(keeping.kept())
        .containsExactly(new Arrival(0, 1, 1, "a"), new Arrival(1, 2, 3, "bcd"));
    assertThat(keeping.arrivals()).isEqualTo(3);
    assertThat(keeping.orderKept()).isFalse();
  }

  @Test
  void aWaiterWakesWhenTheLastDistinctMessageArrives() throws Exception {
    CompletableFuture<Boolean> arrived =
        CompletableFuture.supplyAsync(() -> awaitDistinct(2, Duration.ofSeconds(5)));

    arrive("1", "1");
    assertThat(arrived).isNotDone();
    arrive("2");

    assertThat(arrived.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aWaiterGivesUpAtItsTimeout() {
    arrive("1", "1");

    assertThat(awaitDistinct(2, Duration.ofMillis(20))).isFalse();
  }

  @Test
  void aMillionNumbersAreCountedOneByOne() {
    for (int i = 0; i < 1_000_000; i++) ledger.record(1, "m" + i);

    assertThat(ledger.distinct()).isEqualTo(1_000_000);
    assertThat(ledger.missing(0, 1_000_001)).containsExactly(1_000_000);
    assertThat(ledger.orderKept()).isTrue();
  }

  private void arrive(String... texts) {
    for (String text : texts) ledger.record(1, text);
  }

  private boolean awaitDistinct(long count, Duration timeout) {
    try {
      return ledger.awaitDistinct(count, timeout);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
