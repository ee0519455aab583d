package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void quickMeasuresAllInOneRound() {
    Settings settings = Settings.parse("quick");

    assertThat(settings.rounds()).isEqualTo(1);
    assertThat(Settings.PARTS).allMatch(settings::measures);
  }

  @Test
  void partsAndAnotherJavaMayBeNamed() {
    Settings settings = Settings.parse("full", "only=send,idle", "idle-java=/jdk/bin/java");

    assertThat(settings.only()).containsExactly("send", "idle");
    assertThat(settings.idleJava()).isEqualTo("/jdk/bin/java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "only=send", "quick,only=nothing", "quick,slow", "quick,only="})
  void whatIsWrongIsNamed(String arguments) {
    assertThatThrownBy(() -> Settings.parse(arguments.split(",")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("arguments must be full or quick")
        .hasMessageEndingWith(List.of(arguments.split(",")).toString());
  }
}
