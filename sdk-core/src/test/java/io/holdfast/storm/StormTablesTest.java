package io.holdfast.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.storm.Storm.Scenario;
import io.holdfast.storm.Storm.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Prints the storms of 10,000 clients, and the operator's table of spreads, as Markdown; {@code
 * -Dholdfast.storms=true} runs it. {@code -Dholdfast.fleet=N}, {@code -Dholdfast.acceptRate=N} and
 * {@code -Dholdfast.seed=N} change the storm.
 */
@EnabledIfSystemProperty(named = "holdfast.storms", matches = "true")
class StormTablesTest {
  private static final int FLEET = Integer.getInteger("holdfast.fleet", 10_000);
  private static final int ACCEPT_RATE = Integer.getInteger("holdfast.acceptRate", 500);
  private static final long SEED = Long.getLong("holdfast.seed", 1);

  @ParameterizedTest
  @EnumSource
  void stormsBesideTheOthers(Scenario scenario) {
    Setting setting = new Setting(scenario, FLEET, ACCEPT_RATE, false, SEED);
    List<Contender> contenders = new ArrayList<>();
    contenders.add(Contender.DEFAULTS);
    contenders.add(Contender.HINTED);
    contenders.add(Contender.sized(setting));
    contenders.addAll(Contender.OTHERS);
    StringBuilder table = new StringBuilder();
    for (Contender contender : contenders) {
      Report report = contender.weather(setting);
      table.append(report.row(contender.name())).append('\n');
      assertThat(report.stillWaiting()).as(contender.name()).isZero();
    }

    System.out.printf(
        "%n### %s: %s%n%n%d clients, %d accepted a second, seed %d%n%n%s%s",
        scenario, scenario.what, FLEET, ACCEPT_RATE, SEED, Report.HEADER, table);
  }

  @Test
  void theOperatorsTableHoldsForEachFleet() {
    StringBuilder table = new StringBuilder("| accepted a second | factor |");
    for (int fleet : Spreads.FLEETS) table.append(String.format(Locale.ROOT, " %,d |", fleet));
    table.append("\n|---:|---:|").append("---:|".repeat(Spreads.FLEETS.size())).append('\n');
    for (int rate : Spreads.ACCEPT_RATES) {
      table.append(String.format(Locale.ROOT, "| %,d | %s |", rate, Spreads.factor(rate)));
      for (int fleet : Spreads.FLEETS) table.append(cell(fleet, rate));
      table.append('\n');
    }

    System.out.printf("%n### Spread, and the highest peak of all storms with it%n%n%s", table);
  }

  private static String cell(int fleet, int rate) {
    Duration spread = Spreads.of(fleet, rate);
    if (spread.compareTo(Spreads.LONGEST) > 0) return " |";
    double highest = 0;
    for (Scenario scenario : Scenario.values()) {
      Setting setting = new Setting(scenario, fleet, rate, false, SEED);
      Report report =
          new Storm(setting).of(random -> new HoldfastPolicy(Spreads.backoff(spread), random));
      assertThat(report.stillWaiting()).as("%s", setting).isZero();
      highest = Math.max(highest, Math.max(report.peak(), report.peakWhileDown()));
    }
    assertThat(highest).as("%d clients, %d a second", fleet, rate).isLessThanOrEqualTo(1.3);
    return String.format(Locale.ROOT, " %d s (%.2f x) |", spread.toSeconds(), highest);
  }
}
