package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.demo.FaultScript.Scene;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlyphsTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @ParameterizedTest
  @CsvSource({
    "0, 10, ....",
    "1, 10, #...",
    "5, 10, ##..",
    "10, 10, ####",
    "99, 10, ####",
    "0, 0, ....",
    "9000000000000000, 1, ####"
  })
  void aBarIsEmptyOnlyAtZero(long value, long most, String bar) {
    assertThat(Glyphs.ASCII.bar(value, most, 4)).isEqualTo(bar);
  }

  @Test
  void aCurveRunsFromNothingToTheHighest() {
    assertThat(Glyphs.ASCII.curve(millis(0, 70, 35, 10))).isEqualTo("_#:.");
    assertThat(Glyphs.ASCII.curve(millis(0, 0))).isEqualTo("__");
    assertThat(Glyphs.ASCII.curve(List.of())).isEmpty();
    assertThat(Glyphs.BLOCKS.curve(millis(7, 0))).isEqualTo("\u2588\u2581");
  }

  @Test
  void aScriptIsAStripWithItsFaultsAndTheTime() {
    FaultScript script =
        new FaultScript(
            List.of(
                new Scene(FaultKind.RESTART, Duration.ofSeconds(2), Duration.ofSeconds(1)),
                new Scene(FaultKind.MID_FRAME, Duration.ofSeconds(7), Duration.ofMillis(200))));

    assertThat(Glyphs.ASCII.strip(script, Duration.ZERO, TEN_SECONDS, 10)).isEqualTo("|.xx...x..");
    assertThat(Glyphs.ASCII.strip(script, Duration.ofSeconds(5), TEN_SECONDS, 10))
        .isEqualTo("..xx.|.x..");
    assertThat(Glyphs.ASCII.strip(script, Duration.ofHours(1), TEN_SECONDS, 10))
        .isEqualTo("..xx...x.|");
  }

  private static List<Duration> millis(int... values) {
    return Arrays.stream(values).mapToObj(Duration::ofMillis).toList();
  }
}
