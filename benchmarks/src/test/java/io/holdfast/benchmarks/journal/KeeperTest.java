package io.holdfast.benchmarks.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeeperTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource
  void whatIsKeptIsReadAgain(Contender contender) throws Exception {
    contender.keeper().fill(temporary.resolve("filled"), 100);

    assertThat(contender.keeper().readAll(temporary.resolve("filled"))).isEqualTo(100);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAppendedIsThere(Contender contender) throws Exception {
    Path place = temporary.resolve("appended");
    Keeper.Appended appended = contender.keeper().append(place, 4, 20_000_000);

    assertThat(appended.records()).isPositive();
    assertThat((long) contender.keeper().readAll(place)).isEqualTo(appended.records());
  }

  @Test
  void wrongSettingsAreNamed() {
    assertThatThrownBy(() -> JournalSettings.parse("directory=/tmp"))
        .hasMessageStartingWith("arguments must be full or quick")
        .hasMessageEndingWith("[directory=/tmp]");
    assertThatThrownBy(() -> JournalSettings.parse("full", "slow")).hasMessageContaining("slow");
  }
}
