package io.holdfast.sample.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.terminal.Timeline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole show, over real sockets. */
class DemoTest {
  private static final Duration EIGHT_SECONDS = Duration.ofSeconds(8);

  @Test
  @Timeout(60)
  void aShortShowLosesNothingAndEndsWithItsNumbers() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Demo.Plan plan = new Demo.Plan(EIGHT_SECONDS, 5, 100, EnumSet.allOf(FaultKind.class));
    Timeline timeline =
        new Timeline(new PrintStream(printed, true, UTF_8), false, System::nanoTime);

    Summary summary = Demo.run(plan, timeline, Display.lines(timeline));

    List<String> lines = printed.toString(UTF_8).lines().toList();
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(summary.line())
        .matches("accepted=\\d+ delivered=\\d+ lost=0 duplicates=0 reconnects=[1-9][0-9]*");
    // A number may have been told to be sent, and not have been, when a kill came.
    assertThat(summary.accepted()).isBetween(795L, 800L);
    assertThat(summary.orderKept()).isTrue();
    assertThat(summary.exitStatus()).isZero();
    assertThat(printed.toString(UTF_8))
        .contains(">> FAULT", "<< HEALED", "reconnected since the loss");
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  @Timeout(90)
  void aProcessThatIsKilledInMidFlightLosesNothing() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Demo.Plan plan = new Demo.Plan(Duration.ofSeconds(12), 3, 200, EnumSet.of(FaultKind.KILL));
    Timeline timeline =
        new Timeline(new PrintStream(printed, true, UTF_8), false, System::nanoTime);

    Summary summary = Demo.run(plan, timeline, Display.lines(timeline));

    String text = printed.toString(UTF_8);
    // Numbers that were told to be sent, and had not been when a kill came: more on a busy machine.
    assertThat(summary.accepted()).as(text).isBetween(2_000L, 2_400L);
    assertThat(summary.lost()).as(text).isZero();
    assertThat(summary.duplicates()).as(text).isZero();
    assertThat(summary.orderKept()).as(text).isTrue();
    assertThat(text).contains("KILLED", "process killed");
  }

  @Test
  void whatIsLostOrOutOfOrderIsAFailure() {
    assertThat(new Summary(1_200, 1_200, 3, 6, true).line())
        .isEqualTo("accepted=1200 delivered=1200 lost=0 duplicates=3 reconnects=6");
    assertThat(new Summary(1_200, 1_200, 3, 6, true).exitStatus()).isZero();
    assertThat(new Summary(1_200, 1_199, 3, 6, true).exitStatus()).isEqualTo(1);
    assertThat(new Summary(1_200, 1_200, 3, 6, false).exitStatus()).isEqualTo(1);
  }
}
