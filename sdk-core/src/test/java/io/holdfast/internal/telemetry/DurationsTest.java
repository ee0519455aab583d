package io.holdfast.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0.0 ms",
    "PT0.000345678S, 0.3 ms",
    "PT0.0099S, 9.9 ms",
    "PT0.01S, 10 ms",
    "PT0.9999S, 999 ms",
    "PT1.25S, 1.2 s",
    "PT59.99S, 59.9 s",
    "PT3M20S, 3 min 20 s",
    "PT2H5M, 2 h 5 min"
  })
  void aDurationHasTheUnitThatPeopleWouldUse(Duration duration, String words) {
    assertThat(Durations.words(duration)).isEqualTo(words);
  }

  @Test
  void moreThanALongHoldsIsAsMuchAsALongHolds() {
    assertThat(Durations.words(Duration.ofSeconds(Long.MAX_VALUE))).endsWith(" h 47 min");
  }

  @Test
  void aMomentHasThreeDigitsOfASecond() {
    assertThat(Durations.sinceStart(12_045_999_999L)).isEqualTo("+12.045 s");
  }
}
