package io.holdfast.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionMetrics.Deliveries;
import io.holdfast.Fate;
import org.junit.jupiter.api.Test;

class FateCountsTest {
  @Test
  void eachFateIsCountedInItsPlace() {
    FateCounts counts = new FateCounts();

    Fates.ALL.forEach(counts::count);
    counts.count(new Fate.Confirmed());

    assertThat(counts.snapshot())
        .isEqualTo(
            new Deliveries(
                1,
                2,
                1,
                1,
                1,
                1,
                1,
                Fate.Cancelled.Reason.values().length,
                1,
                Fate.Rejected.Reason.values().length,
                Fate.InDoubt.Reason.values().length));
  }
}
