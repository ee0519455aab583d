package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionState;
import io.holdfast.QueueSnapshot;
import io.holdfast.sample.demo.FaultScript.Scene;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DashboardTest {
  private static final ConnectionState OPEN =
      new ConnectionState.Open(3, "", "", ConnectTimeline.EMPTY);
  private static final ConnectionState WAITING =
      new ConnectionState.Waiting(4, Duration.ofSeconds(2), new EndedWithoutClose());
  private static final Scene HOLE =
      new Scene(FaultKind.BLACK_HOLE, Duration.ofSeconds(6), Duration.ofSeconds(3));
  private static final FaultScript SCRIPT = new FaultScript(List.of(HOLE));

  private final Dashboard dashboard =
      new Dashboard(SCRIPT, Duration.ofSeconds(10), Glyphs.ASCII, false);

  @Test
  void fineWeather() {
    List<String> lines =
        dashboard.lines(
            moment(
                Duration.ofSeconds(2),
                OPEN,
                null,
                new QueueSnapshot(8, 2, 99, Duration.ofMillis(250))));

    assertThat(lines)
        .containsExactly(
            "",
            " OPEN        transport 3, for 0.5 s",
            " script      ........|...............xxxxxxxxxxxxx...  2.0 s of 10.0 s, black hole in"
                + " 4.0 s",
            " round trip  :#                                        2.0 ms",
            " queue       ##########..............................  8 queued, 2 in flight, oldest"
                + " 0.3 s",
            " messages    120 sent, 110 delivered, 7 received");
  }

  @Test
  void aFaultAndAWait() {
    List<String> lines =
        dashboard.lines(moment(Duration.ofSeconds(7), WAITING, HOLE, QueueSnapshot.EMPTY));

    assertThat(lines.get(1)).isEqualTo(" WAITING     attempt 4 in 1.5 s");
    assertThat(lines.get(2)).endsWith("7.0 s of 10.0 s, black hole for 2.0 s more");
    assertThat(lines.get(4)).endsWith("  0 queued, 0 in flight");
  }

  @Test
  void aLongQueueMakesTheBarStandForMore() {
    QueueSnapshot full = new QueueSnapshot(400, 0, 0, Duration.ZERO);
    QueueSnapshot half = new QueueSnapshot(200, 0, 0, Duration.ZERO);
    assertThat(dashboard.lines(moment(Duration.ZERO, OPEN, null, full)).get(4))
        .contains("#".repeat(40));

    assertThat(dashboard.lines(moment(Duration.ZERO, OPEN, null, half)).get(4))
        .contains(" " + "#".repeat(20) + ".".repeat(20) + " ");
  }

  @Test
  void coloursFollowTheState() {
    Dashboard coloured = new Dashboard(SCRIPT, Duration.ofSeconds(10), Glyphs.ASCII, true);

    List<String> lines =
        coloured.lines(moment(Duration.ofSeconds(7), WAITING, HOLE, QueueSnapshot.EMPTY));

    assertThat(lines.get(1)).startsWith("\033[33m").endsWith("\033[0m");
    assertThat(lines.get(2)).startsWith("\033[1;35m").endsWith("\033[0m");
  }

  private static Moment moment(
      Duration elapsed, ConnectionState state, @Nullable Scene fault, QueueSnapshot queue) {
    return new Moment(
        elapsed,
        Standing.of(state, Duration.ofMillis(500)),
        List.of(Duration.ofMillis(1), Duration.ofMillis(2)),
        queue,
        fault,
        120,
        110,
        7);
  }
}
