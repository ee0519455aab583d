package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.sample.demo.FaultScript.Scene;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultScriptTest {
  private static final Duration LEAST_CALM = Duration.ofMillis(1_200);
  private static final Duration CALM_AT_THE_END = Duration.ofSeconds(2);
  private static final Duration FINDS_HALF_OPEN = Duration.ofSeconds(2);
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

  @Test
  void oneSeedGivesOneScript() {
    Duration duration = Duration.ofSeconds(30);

    assertThat(FaultScript.of(7, duration, ALL)).isEqualTo(FaultScript.of(7, duration, ALL));
    assertThat(FaultScript.of(7, duration, ALL)).isNotEqualTo(FaultScript.of(8, duration, ALL));
  }

  @Test
  void aShorterShowIsTheBeginningOfALongerOneAsFarAsItFits() {
    List<Scene> brief = FaultScript.of(7, Duration.ofSeconds(12), ALL).scenes();

    assertThat(FaultScript.of(7, Duration.ofMinutes(2), ALL).scenes().get(0))
        .isEqualTo(brief.get(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 8, 12, 30, 120})
  void faultsFitTheDurationAndLeaveTimeToRecover(long seconds) {
    Duration duration = Duration.ofSeconds(seconds);
    LongStream.range(0, 500)
        .mapToObj(seed -> FaultScript.of(seed, duration, ALL).scenes())
        .forEach(
            faults -> {
              assertThat(faults).isNotEmpty();
              Duration calmSince = Duration.ZERO;
              for (Scene fault : faults) {
                assertThat(fault.at()).isGreaterThanOrEqualTo(calmSince.plus(LEAST_CALM));
                calmSince = fault.endsAt();
              }
              assertThat(calmSince).isLessThanOrEqualTo(duration.minus(CALM_AT_THE_END));
            });
  }

  @Test
  void aShowOfTheDefaultLengthHasEachKind() {
    LongStream.range(0, 500)
        .mapToObj(seed -> FaultScript.of(seed, Duration.ofSeconds(40), ALL).scenes())
        .forEach(scenes -> assertThat(scenes).extracting(Scene::kind).contains(FaultKind.values()));
  }

  @Test
  void onlyTheKindsThatAreWantedComeAndTheSameOnesInAnyOrder() {
    Set<FaultKind> wanted = EnumSet.of(FaultKind.RESTART, FaultKind.FLOOD);

    FaultScript script = FaultScript.of(3, Duration.ofMinutes(1), wanted);

    assertThat(script.scenes()).extracting(Scene::kind).hasSameElementsAs(wanted);
    assertThat(
            FaultScript.of(
                3,
                Duration.ofMinutes(1),
                new LinkedHashSet<>(List.of(FaultKind.FLOOD, FaultKind.RESTART))))
        .isEqualTo(script);
  }

  @Test
  void thePlanSaysTheSame() {
    FaultScript script = FaultScript.of(3, Duration.ofSeconds(40), ALL);

    assertThat(script.plan().steps()).extracting(script::scene).isEqualTo(script.scenes());
    assertThat(script.plan().length())
        .isEqualTo(script.scenes().get(script.scenes().size() - 1).endsAt());
  }

  @ParameterizedTest
  @EnumSource(names = {"BLACK_HOLE", "HOLE_TO_SERVER", "HOLE_TO_CLIENT"})
  void aBlackHoleLastsLongerThanTheHeartbeatNeedsToFindIt(FaultKind hole) {
    assertThat(Duration.ofMillis(hole.shortestMillis)).isGreaterThan(FINDS_HALF_OPEN);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindIsFoundByItsOption(FaultKind kind) {
    assertThat(FaultKind.of(kind.option())).isEqualTo(kind);
  }

  @Test
  void anUnknownOptionIsToldWhatThereIs() {
    assertThatThrownBy(() -> FaultKind.of("earthquake"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("fault must be one of restart, black-hole, hole-to-server,")
        .hasMessageEndingWith("kill but was earthquake");
  }

  @Test
  void longShowsHaveMoreFaults() {
    assertThat(FaultScript.of(1, Duration.ofMinutes(2), ALL).scenes())
        .hasSizeGreaterThan(3 * FaultScript.of(1, Duration.ofSeconds(30), ALL).scenes().size());
  }
}
