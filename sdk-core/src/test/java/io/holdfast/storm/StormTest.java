package io.holdfast.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.storm.Storm.Scenario;
import io.holdfast.storm.Storm.Setting;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@link StormTablesTest} shows, on a fleet of a fifth of the size and a server of a fifth of
 * the accept rate.
 */
class StormTest {
  private static final int FLEET = 2_000;
  private static final double ACCEPT_RATE = 100;
  private static final double BAR = 1.3;
  // Chance, and a tenth of the time where nothing answers: there the spread is dearer than a peak
  // of twice as much.
  private static final double TOLERANCE = 1.15;

  @ParameterizedTest
  @EnumSource
  void aSpreadSizedForTheFleetKeepsAttemptsWithinTheAcceptRate(Scenario scenario) {
    Setting setting = setting(scenario);

    Report ours = Contender.sized(setting).weather(setting);

    assertThat(ours.stillWaiting()).isZero();
    assertThat(ours.peakWhileDown()).isLessThanOrEqualTo(BAR);
    assertThat(ours.peak()).isBetween(0.1, BAR);
    assertThat(ours.nearlyAllOpenSeconds()).isLessThan(1.5 * FLEET / ACCEPT_RATE * 1.5);
  }

  @ParameterizedTest
  @EnumSource(names = {"COLD", "COLD_AND_SILENT", "BRIEF"})
  void aHintThatComesWhileTheServerIsDownKeepsAttemptsWithinTheAcceptRate(Scenario scenario) {
    Report ours = Contender.HINTED.weather(setting(scenario));

    assertThat(ours.stillWaiting()).isZero();
    assertThat(ours.peak()).isBetween(0.1, BAR);
  }

  @ParameterizedTest
  @EnumSource
  void theDefaultsAreNoWorseThanTheBestOfTheOthers(Scenario scenario) {
    Setting setting = setting(scenario);
    List<Report> others = Contender.OTHERS.stream().map(other -> other.weather(setting)).toList();

    Report ours = Contender.DEFAULTS.weather(setting);

    assertThat(ours.stillWaiting()).isZero();
    assertThat(ours.peakWhileDown()).isLessThanOrEqualTo(least(others, Report::peakWhileDown));
    assertThat(ours.peak()).isLessThanOrEqualTo(least(others, Report::peak));
    assertThat(ours.nearlyAllOpenSeconds())
        .isLessThanOrEqualTo(TOLERANCE * least(others, Report::nearlyAllOpenSeconds));
    // Where nothing answers, attempts are as many as the deadline of one allows: up to 240 s.
    if (scenario == Scenario.COLD_AND_SILENT) return;
    assertThat(ours.meanAttempts())
        .isLessThanOrEqualTo(TOLERANCE * least(others, Report::meanAttempts));
  }

  private static double least(List<Report> others, ToDoubleFunction<Report> measure) {
    return others.stream().mapToDouble(measure).min().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(names = {"COLD", "COLD_AND_SILENT"})
  void ourRetriesAloneBehaveAsOurConnectionsDo(Scenario scenario) {
    Report real = Contender.DEFAULTS.weather(setting(scenario));
    Report modelled = Contender.MODELLED.weather(setting(scenario));

    assertThat(modelled.peak()).isCloseTo(real.peak(), within(0.15 * real.peak()));
    assertThat(modelled.meanAttempts())
        .isCloseTo(real.meanAttempts(), within(0.05 * real.meanAttempts()));
    assertThat(modelled.nearlyAllOpenSeconds())
        .isCloseTo(real.nearlyAllOpenSeconds(), within(0.1 * real.nearlyAllOpenSeconds()));
  }

  @Test
  void theSameSeedMakesTheSameStorm() {
    Setting setting = new Setting(Scenario.BRIEF, 200, 10, false, 7);
    Report report = Contender.DEFAULTS.weather(setting);

    assertThat(Contender.DEFAULTS.weather(setting)).isEqualTo(report);
    assertThat(Contender.DEFAULTS.weather(new Setting(Scenario.BRIEF, 200, 10, false, 8)))
        .isNotEqualTo(report);
  }

  private static Setting setting(Scenario scenario) {
    return new Setting(scenario, FLEET, ACCEPT_RATE, false, 1);
  }
}
