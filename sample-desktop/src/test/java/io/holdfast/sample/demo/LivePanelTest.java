package io.holdfast.sample.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class LivePanelTest {
  private static final String N = System.lineSeparator();

  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final LivePanel panel = new LivePanel(new PrintStream(terminal, false, UTF_8));

  @Test
  void aPanelIsDrawnOverItself() {
    panel.show(List.of("one", "two"));
    assertThat(drawn()).isEqualTo("\033[?7lone" + N + "two" + N + "\033[?7h");

    panel.show(List.of("three"));

    assertThat(drawn()).isEqualTo("\033[2A\r\033[J\033[?7lthree" + N + "\033[?7h");
  }

  @Test
  void aLineOfTheLogGoesAboveIt() {
    panel.printAbove("first");
    assertThat(drawn()).isEqualTo("first" + N);
    panel.show(List.of("panel"));
    drawn();

    panel.printAbove("second");

    assertThat(drawn()).isEqualTo("\033[1A\r\033[Jsecond" + N + "\033[?7lpanel" + N + "\033[?7h");
  }

  @Test
  void onceEndedItIsGoneAndStaysAway() {
    panel.show(List.of("panel"));
    drawn();

    panel.end();
    assertThat(drawn()).isEqualTo("\033[1A\r\033[J");
    panel.show(List.of("late"));
    panel.printAbove("last words");
    panel.end();

    assertThat(drawn()).isEqualTo("last words" + N);
  }

  private String drawn() {
    String text = terminal.toString(UTF_8);
    terminal.reset();
    return text;
  }
}
