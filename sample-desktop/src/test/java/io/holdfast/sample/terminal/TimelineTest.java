package io.holdfast.sample.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.terminal.Line.Tone;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private long nowNanos = 42;

  @Test
  void linesHaveColumnsAndTheSecondsSinceTheFirst() {
    Timeline timeline = timeline(false);

    timeline.add(Tone.WARNING, "CONNECTING", "attempt 1");
    advanceMillis(6_948);
    timeline.add(Tone.GOOD, "OPEN", "transport 1");
    advanceMillis(100_000);
    timeline.add(Tone.FAINT, "", "sent 1");

    assertThat(lines())
        .containsExactly(
            "    0.00  CONNECTING  attempt 1",
            "    6.95  OPEN        transport 1",
            "  106.95              sent 1");
  }

  @Test
  void offATerminalThereIsNoColour() {
    Timeline timeline = timeline(false);

    for (Tone tone : Tone.values()) timeline.add(tone, "LABEL", "text");

    assertThat(printed.toString(UTF_8)).doesNotContain("\033");
  }

  @Test
  void onATerminalALineIsColouredAndTheColourEndsWithIt() {
    Timeline timeline = timeline(true);

    timeline.add(Tone.BAD, "LOST", "transport 1");
    timeline.add(Tone.PLAIN, "CLOSED", "1000");

    assertThat(lines())
        .containsExactly(
            "\033[31m    0.00  LOST        transport 1\033[0m", "    0.00  CLOSED      1000");
  }

  @Test
  void longLinesAreCut() {
    timeline(false).add(Tone.PLAIN, "<- MESSAGE", "x".repeat(500));

    assertThat(lines()).singleElement().asString().hasSize(Timeline.WIDTH).endsWith("xxx...");
  }

  @Test
  void whatAPeerSendsCannotSteerTheTerminal() {
    timeline(true).add(Tone.PLAIN, "<- MESSAGE", "a\033[2Jb\rc\nd\u009be\u202ef");

    assertThat(lines()).containsExactly("    0.00  <- MESSAGE  a?[2Jb?c?d?e?f");
  }

  @Test
  void cuttingKeepsCharactersWhole() {
    assertThat(Texts.printable("\ud83d\ude00".repeat(5), 4)).isEqualTo("\ud83d\ude00...");
    assertThat(Texts.printable("\ud83d\ude00".repeat(4), 4)).isEqualTo("\ud83d\ude00".repeat(4));
  }

  private Timeline timeline(boolean colours) {
    return new Timeline(new PrintStream(printed, true, UTF_8), colours, () -> nowNanos);
  }

  private void advanceMillis(long millis) {
    nowNanos += MILLISECONDS.toNanos(millis);
  }

  private List<String> lines() {
    return printed.toString(UTF_8).lines().toList();
  }
}
