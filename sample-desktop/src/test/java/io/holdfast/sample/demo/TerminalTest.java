package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private static final String XTERM = "xterm-256color";

  @Test
  void aPipeShowsNothingLive() {
    assertThat(Terminal.of(false, Map.of("TERM", XTERM, "LANG", "C.UTF-8")))
        .isEqualTo(new Terminal(false, false, false));
  }

  @Test
  void aDumbTerminalCannotDrawAgain() {
    assertThat(Terminal.of(true, Map.of("TERM", "dumb")).live()).isFalse();
    assertThat(Terminal.of(true, Map.of()).live()).isFalse();
  }

  @Test
  void coloursCanBeRefusedWithoutLosingThePanel() {
    assertThat(Terminal.of(true, Map.of("TERM", XTERM, "NO_COLOR", "1")))
        .isEqualTo(new Terminal(true, false, false));
  }

  @Test
  void theFirstVariableThatIsSetSaysTheEncoding() {
    assertThat(unicode("LANG", "de_AT.UTF-8")).isTrue();
    assertThat(unicode("LC_CTYPE", "C.utf8")).isTrue();
    assertThat(unicode("LANG", "C")).isFalse();
    assertThat(unicode("LANG", "")).isFalse();
    assertThat(
            Terminal.of(true, Map.of("TERM", XTERM, "LC_ALL", "POSIX", "LANG", "en_US.UTF-8"))
                .unicode())
        .isFalse();
  }

  private static boolean unicode(String name, String value) {
    return Terminal.of(true, Map.of("TERM", XTERM, name, value)).unicode();
  }
}
