package io.holdfast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.Fault.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultScriptTest {
  private static final Duration LEAST_CALM = Duration.ofMillis(1_900);
  private static final Duration CALM_AT_THE_END = Duration.ofSeconds(2);
  private static final Duration FINDS_HALF_OPEN = Duration.ofSeconds(2);

  @Test
  void oneSeedGivesOneScript() {
    Duration duration = Duration.ofSeconds(30);

    assertThat(FaultScript.of(7, duration)).isEqualTo(FaultScript.of(7, duration));
    assertThat(FaultScript.of(7, duration)).isNotEqualTo(FaultScript.of(8, duration));
  }

  @Test
  void aShorterShowIsTheBeginningOfALongerOneAsFarAsItFits() {
    List<Fault> brief = FaultScript.of(7, Duration.ofSeconds(12)).faults();

    assertThat(FaultScript.of(7, Duration.ofMinutes(2)).faults().get(0)).isEqualTo(brief.get(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 8, 12, 30, 120})
  void faultsFitTheDurationAndLeaveTimeToRecover(long seconds) {
    Duration duration = Duration.ofSeconds(seconds);
    LongStream.range(0, 500)
        .mapToObj(seed -> FaultScript.of(seed, duration).faults())
        .forEach(
            faults -> {
              assertThat(faults).isNotEmpty();
              Duration calmSince = Duration.ZERO;
              for (Fault fault : faults) {
                assertThat(fault.at()).isGreaterThanOrEqualTo(calmSince.plus(LEAST_CALM));
                calmSince = fault.endsAt();
              }
              assertThat(calmSince).isLessThanOrEqualTo(duration.minus(CALM_AT_THE_END));
            });
  }

  @Test
  void halfAMinuteHasEachKind() {
    LongStream.range(0, 500)
        .mapToObj(seed -> FaultScript.of(seed, Duration.ofSeconds(30)).faults())
        .forEach(
            faults ->
                assertThat(faults)
                    .extracting(Fault::kind)
                    .contains(Kind.values())
                    .hasSizeBetween(5, 12));
  }

  @Test
  void aBlackHoleLastsLongerThanTheHeartbeatNeedsToFindIt() {
    assertThat(Duration.ofMillis(Kind.BLACK_HOLE.shortestMillis)).isGreaterThan(FINDS_HALF_OPEN);
  }

  @Test
  void longShowsHaveMoreFaults() {
    assertThat(FaultScript.of(1, Duration.ofMinutes(2)).faults())
        .hasSizeGreaterThan(3 * FaultScript.of(1, Duration.ofSeconds(30)).faults().size());
  }
}
