package io.holdfast.sample.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.QueueSnapshot;
import io.holdfast.sample.terminal.Line.Tone;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineTest {
  @Test
  void theStatusSaysWhereTheMessagesAre() {
    QueueSnapshot queue = new QueueSnapshot(3, 40, 999, Duration.ZERO);

    Line before = Line.status(280, 237, queue, Duration.ZERO);
    Line after = Line.status(280, 237, queue, Duration.ofNanos(412_000));

    String counts = "sent   280   delivered   237   queued    3   in flight   40   rtt ";
    assertThat(before).isEqualTo(new Line(Tone.FAINT, "", counts + "-"));
    assertThat(after).isEqualTo(new Line(Tone.FAINT, "", counts + "0.4 ms"));
  }

  @Test
  void coloursAreForThoseWhoWantThem() {
    assertThat(Tone.BAD.apply("text", false)).isEqualTo("text");
    assertThat(Tone.BAD.apply("text", true)).isEqualTo("\033[31mtext\033[0m");
    assertThat(Tone.PLAIN.apply("text", true)).isEqualTo("text");
  }
}
