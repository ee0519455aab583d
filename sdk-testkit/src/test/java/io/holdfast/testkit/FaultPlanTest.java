package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.testkit.FaultPlan.Step;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final List<Fault> FAULTS =
      List.of(new Fault.Reset(), new Fault.ServerDown(), new Fault.Throttled(1_000));

  @Test
  void theSameSeedMakesTheSamePlan() {
    assertThat(plan(7)).isEqualTo(plan(7)).hasToString(plan(7).toString());
    assertThat(plan(7)).isNotEqualTo(plan(8));
  }

  /** A seed in a bug report must mean the same plan in years to come. */
  @Test
  void aSeedMakesThePlanThatItAlwaysMade() {
    assertThat(FaultPlan.random(42, Duration.ofSeconds(3), SECOND, SECOND, FAULTS))
        .hasToString(
            """
            PT0.728S Reset[] for PT0.047S
            PT1.718S Throttled[bytesPerSecond=1000] for PT0.665S
            """);
  }

  @Test
  void aRandomPlanKeepsItsBoundsAndDrawsEveryFault() {
    Set<Fault> drawn = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      Duration free = Duration.ZERO;
      for (Step step : plan(seed).steps()) {
        assertThat(step.at().minus(free)).isBetween(Duration.ofMillis(1), SECOND);
        assertThat(step.lasts()).isBetween(Duration.ZERO, SECOND.multipliedBy(2));
        free = step.until();
        drawn.add(step.fault());
      }
      assertThat(free).isLessThanOrEqualTo(MINUTE).isGreaterThan(MINUTE.dividedBy(2));
    }
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(FAULTS);
  }

  @Test
  void aPlanKnowsItsLengthAndPrintsItsSteps() {
    FaultPlan plan =
        FaultPlan.of(
            new Step(SECOND, new Fault.Reset(), Duration.ZERO),
            new Step(SECOND, new Fault.Stall(Fault.Way.BOTH), MINUTE));

    assertThat(plan.length()).isEqualTo(Duration.ofSeconds(61));
    assertThat(plan).hasToString("PT1S Reset[] for PT0S\nPT1S Stall[way=BOTH] for PT1M\n");
    assertThat(FaultPlan.of().length()).isZero();
  }

  @Test
  void faultsThatOverlapAreRefused() {
    Step first = new Step(SECOND, new Fault.Refuse(), SECOND);
    Step second = new Step(SECOND.plusMillis(999), new Fault.Reset(), Duration.ZERO);

    assertThatThrownBy(() -> FaultPlan.of(first, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a step must begin at or after PT2S but was PT1.999S Reset[] for PT0S");
  }

  @Test
  void aTimeBeforeTheStartIsRefused() {
    assertThatThrownBy(() -> new Step(SECOND.negated(), new Fault.Reset(), SECOND))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("at must be >= PT0S but was PT-1S");
    assertThatThrownBy(() -> new Step(SECOND, new Fault.Reset(), SECOND.negated()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lasts must be >= PT0S but was PT-1S");
    assertThatThrownBy(() -> FaultPlan.random(1, MINUTE, Duration.ZERO, SECOND, FAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("longest pause must be >= PT0.001S but was PT0S");
    assertThatThrownBy(() -> FaultPlan.random(1, MINUTE, SECOND, SECOND, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("faults must be >= 1 but was 0");
  }

  private static FaultPlan plan(long seed) {
    return FaultPlan.random(seed, MINUTE, SECOND, SECOND.multipliedBy(2), FAULTS);
  }
}
