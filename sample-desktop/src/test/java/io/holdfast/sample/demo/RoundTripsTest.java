package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
  @Test
  void theNewestAreKeptOldestFirst() {
    RoundTrips roundTrips = new RoundTrips(3);
    assertThat(roundTrips.all()).isEmpty();

    for (int i = 1; i <= 5; i++) roundTrips.add(Duration.ofMillis(i));

    assertThat(roundTrips.all())
        .containsExactly(Duration.ofMillis(3), Duration.ofMillis(4), Duration.ofMillis(5));
  }
}
