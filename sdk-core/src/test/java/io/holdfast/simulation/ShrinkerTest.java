package io.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  // An app that thinks that no message ever expires.
  private static final class NoneExpires extends Judge {
    NoneExpires(World world) {
      super(world);
    }

    @Override
    void fate(Sent sent, Fate fate) {
      require(!(fate instanceof Fate.Expired), "none expires", sent);
    }
  }

  private static World planted(Scenario scenario) {
    return new World(scenario, false, world -> List.of(new NoneExpires(world)));
  }

  @Test
  void whatIsLeftStillBreaksTheRuleAndNothingOfItIsNeedless() {
    Scenario scenario = firstBroken();

    Scenario shrunk = Shrinker.shrink(scenario, ShrinkerTest::planted);

    assertThat(shrunk.steps()).hasSizeLessThan(5).hasSizeLessThan(scenario.steps().size());
    assertThat(isBroken(shrunk)).isTrue();
    for (Step step : shrunk.steps()) {
      List<Step> without = shrunk.steps().stream().filter(each -> each != step).toList();
      assertThat(isBroken(shrunk.with(without))).as("without %s", step).isFalse();
    }
  }

  @Test
  void whatBreaksNoRuleIsLeftAlone() {
    Scenario scenario = Scenario.of(1);

    assertThat(Shrinker.shrink(scenario, each -> new World(each, false))).isSameAs(scenario);
  }

  private static Scenario firstBroken() {
    for (long seed = 1; seed < 1_000; seed++) {
      Scenario scenario = Scenario.of(seed);
      if (scenario.steps().size() > 20 && isBroken(scenario)) return scenario;
    }
    throw new AssertionError("no seed breaks the planted rule");
  }

  private static boolean isBroken(Scenario scenario) {
    try {
      planted(scenario).run();
      return false;
    } catch (Objection e) {
      return e.rule().equals("none expires");
    }
  }
}
