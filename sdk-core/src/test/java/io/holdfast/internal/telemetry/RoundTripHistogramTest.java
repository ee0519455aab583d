package io.holdfast.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.ConnectionMetrics.RoundTrips;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripHistogramTest {
  private final RoundTripHistogram histogram = new RoundTripHistogram();

  @Test
  void withoutARoundTripAllIsZero() {
    assertThat(histogram.snapshot())
        .isEqualTo(new RoundTrips(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }

  @Test
  void oneRoundTripIsEachQuantileToWithinTheRange() {
    histogram.add(23_100_000);

    RoundTrips told = histogram.snapshot();

    assertThat(told.max()).isEqualTo(Duration.ofNanos(23_100_000));
    assertIsCloseTo(told.p50(), 23_100_000);
    assertIsCloseTo(told.p99(), 23_100_000);
    assertThat(told.p99()).isLessThanOrEqualTo(told.max());
  }

  @Test
  void noTimeIsMoreThanASixteenthOff() {
    // A fixed seed: from nanoseconds to centuries.
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      long nanos = random.nextLong() >>> (1 + random.nextInt(63));
      RoundTripHistogram one = new RoundTripHistogram();
      one.add(nanos);
      // Another, longer one, so that the longest does not correct the middle of the range.
      one.add(Long.MAX_VALUE);

      assertIsCloseTo(one.snapshot().p50(), nanos);
    }
  }

  @Test
  void quantilesAreThoseOfTheSortedTimes() {
    Random random = new Random(7);
    long[] nanos = random.longs(10_000, 200_000, 900_000_000).toArray();
    for (long each : nanos) histogram.add(each);
    Arrays.sort(nanos);

    RoundTrips told = histogram.snapshot();

    assertThat(told.count()).isEqualTo(10_000);
    assertIsCloseTo(told.p50(), nanos[4_999]);
    assertIsCloseTo(told.p95(), nanos[9_499]);
    assertIsCloseTo(told.p99(), nanos[9_899]);
    assertThat(told.max().toNanos()).isEqualTo(nanos[9_999]);
  }

  @Test
  void aTimeThatClocksMadeNegativeIsNone() {
    histogram.add(-5);

    assertThat(histogram.snapshot().max()).isZero();
    assertThat(histogram.snapshot().p50()).isZero();
  }

  private static void assertIsCloseTo(Duration told, long nanos) {
    // The quantile's own time is known only by its range.
    assertThat(told.toNanos()).isCloseTo(nanos, within(nanos / 16 + 1));
  }
}
