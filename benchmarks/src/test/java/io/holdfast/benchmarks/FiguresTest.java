package io.holdfast.benchmarks;

import static io.holdfast.benchmarks.Metric.ROUND_TRIP_P50;
import static io.holdfast.benchmarks.Metric.SENT_64;
import static io.holdfast.benchmarks.subject.Subject.MANAGED;
import static io.holdfast.benchmarks.subject.Subject.NETTY;
import static io.holdfast.benchmarks.subject.Subject.NV;
import static io.holdfast.benchmarks.subject.Subject.OKHTTP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private final Figures figures = new Figures();

  @Test
  void aFigureIsTheMedianOfItsRounds() {
    figures.add(SENT_64, MANAGED, 9);
    figures.add(SENT_64, MANAGED, 1);
    assertThat(figures.of(SENT_64, MANAGED)).isEqualTo(5);

    figures.add(SENT_64, MANAGED, 2);
    assertThat(figures.of(SENT_64, MANAGED)).isEqualTo(2);
    assertThat(figures.of(SENT_64, OKHTTP)).isNaN();
  }

  @Test
  void theReferenceIsNoPeer() {
    figures.add(SENT_64, MANAGED, 6);
    figures.add(SENT_64, OKHTTP, 2);
    figures.add(SENT_64, NV, 3);
    figures.add(SENT_64, NETTY, 12);

    assertThat(figures.ratio(SENT_64, OKHTTP)).isEqualTo(3);
    assertThat(figures.ofPeersMost(SENT_64)).isEqualTo(2);
  }

  @Test
  void theReportSaysWhatWasReachedAndWhatWasNot() {
    figures.add(SENT_64, MANAGED, 4_000_000);
    figures.add(SENT_64, OKHTTP, 1_000_000);
    figures.add(ROUND_TRIP_P50, MANAGED, 20);
    figures.add(ROUND_TRIP_P50, OKHTTP, 40);

    assertThat(new Report(figures, 4.25, 0.3, new Properties()).lines())
        .contains(
            "| sent, 64 B, messages/s | 4,000,000 | - | 1,000,000 | - | - | - | - |",
            "| 64 B sent, of OkHttp | >= 5.00 x | 4.00 x | missed |",
            "| 1 KiB sent, of OkHttp | >= 2.00 x | - x | not measured |",
            "| round trip p50, of OkHttp | <= 0.50 x | 0.50 x | reached |",
            "| masking | >= 3.00 GB/s | 4.25 GB/s | reached |");
  }
}
