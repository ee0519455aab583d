package io.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Thousands of seeds, with every build. */
class SimulationTest {
  private static final long SEEDS = 10_000;

  @Test
  void noJudgeObjectsToAnySeedAndEveryKindOfFaultTakesEffect() {
    Tally tally = new Campaign(1, SEEDS, Duration.ofHours(1), System.out).run();

    for (Tally.Violation violation : tally.violations()) {
      throw Seeds.failure(violation.seed(), violation.objection());
    }
    assertThat(tally.seeds()).isEqualTo(SEEDS);
    assertThat(tally.faults()).containsOnlyKeys(FaultKind.values());
  }

  @Test
  void aSeedGivesTheSameTraceEachTime() {
    for (long seed = 1; seed <= 30; seed++) {
      assertThat(traceOf(seed)).as("seed %s", seed).isEqualTo(traceOf(seed));
    }
  }

  @Test
  void seedsDiffer() {
    assertThat(traceOf(1)).isNotEqualTo(traceOf(2));
    assertThat(Scenario.of(1).setup()).isNotEqualTo(Scenario.of(2).setup());
  }

  @Test
  void aTraceChangesNothing() {
    World silent = new World(Scenario.of(7), false);
    World traced = new World(Scenario.of(7), true);
    silent.run();
    traced.run();

    assertThat(silent.conditions.hits()).isEqualTo(traced.conditions.hits());
    assertThat(silent.agenda.nowNanos()).isEqualTo(traced.agenda.nowNanos());
    assertThat(silent.trace.text()).isEmpty();
  }

  private static String traceOf(long seed) {
    World world = new World(Scenario.of(seed), true);
    world.run();
    return world.trace.text();
  }
}
