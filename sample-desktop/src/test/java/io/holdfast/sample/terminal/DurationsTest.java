package io.holdfast.sample.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @Test
  void readsEachUnit() {
    assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(Durations.parse("15s")).isEqualTo(Duration.ofSeconds(15));
    assertThat(Durations.parse("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(Durations.parse("1h")).isEqualTo(Duration.ofHours(1));
    assertThat(Durations.parse("999999h")).isEqualTo(Duration.ofHours(999_999));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "15", "s", "-15s", "1.5s", "15 s", "15S", "15s ", "1000000h", "PT15S"})
  void saysRuleAndValueOfAnythingElse(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage(
            "duration must be a number and ms, s, m or h, such as 15s or 2m, but was " + text);
  }
}
