package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.QueueSnapshot;
import io.holdfast.sample.demo.Report.Ending;
import io.holdfast.sample.terminal.Line;
import io.holdfast.sample.terminal.Line.Tone;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final List<Report> ALL =
      List.of(
          new Report.Told(new Line(Tone.GOOD, "OPEN", "transport 3")),
          new Report.Sending(1),
          new Report.Accepted(2),
          new Report.Ended(3, Ending.DELIVERED),
          new Report.Opened(),
          new Report.Proved(),
          new Report.Failed(),
          new Report.Lost(4, "reset"),
          new Report.RoundTrip(Duration.ofNanos(5)),
          new Report.Status(
              new Standing("OPEN", Tone.GOOD, "for 2.0 s"),
              new QueueSnapshot(1, 2, 3, Duration.ofNanos(4)),
              5),
          new Report.Done());

  @Test
  void eachComesOutAsItWentIn() {
    assertThat(ALL)
        .extracting(Object::getClass)
        .contains(Report.class.getPermittedSubclasses())
        .hasSameSizeAs(Report.class.getPermittedSubclasses());
    assertThat(ALL).allSatisfy(report -> assertThat(Report.of(report.encode())).isEqualTo(report));
  }

  @Test
  void whatAPeerChoseCannotMakeAnotherLine() {
    Report told = new Report.Told(new Line(Tone.BAD, "CLOSED", "a\nended\t7\tDELIVERED"));

    assertThat(told.encode()).isEqualTo("told\tBAD\tCLOSED\ta?ended?7?DELIVERED");
  }

  @Test
  void halfALineIsNoReport() {
    for (String half : List.of("", "acc", "accepted", "accepted\t", "ended\t1", "ended\t1\tDELI")) {
      assertThatThrownBy(() -> Report.of(half)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
