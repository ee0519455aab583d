package io.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Shows {@code -Dholdfast.seed=N}: what is needed to break a rule, and then line by line. */
@EnabledIfSystemProperty(named = "holdfast.seed", matches = "-?\\d+")
class ReplayTest {
  @Test
  void show() {
    String text = Replay.of(Scenario.of(Long.getLong("holdfast.seed", 0)));

    System.out.println(text);
    assertThat(text).endsWith("no judge objects\n");
  }
}
