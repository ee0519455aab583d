package io.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * As many seeds as one asks for: {@code -Dholdfast.campaign=300000} of them, or {@code
 * -Dholdfast.campaign=60m} for so long. {@code -Dholdfast.campaign.first=N} begins with another
 * seed than the first that {@link SimulationTest} leaves.
 */
@EnabledIfSystemProperty(named = "holdfast.campaign", matches = ".+")
class CampaignTest {
  private static final long FIRST = Long.getLong("holdfast.campaign.first", 10_001);

  @Test
  void noJudgeObjects() {
    String size = System.getProperty("holdfast.campaign", "");
    boolean timed = size.endsWith("m");
    Campaign campaign =
        timed
            ? new Campaign(FIRST, Long.MAX_VALUE / 2, minutes(size), System.out)
            : new Campaign(FIRST, Long.parseLong(size), Duration.ofDays(365), System.out);

    Tally tally = campaign.run();

    System.out.println(tally);
    for (Tally.Violation violation : tally.violations()) {
      System.out.println(Replay.command(violation.seed()));
    }
    assertThat(tally.violations()).isEmpty();
  }

  private static Duration minutes(String size) {
    return Duration.ofMinutes(Long.parseLong(size.substring(0, size.length() - 1)));
  }
}
