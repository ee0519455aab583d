package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.sample.Printed;
import io.holdfast.sample.terminal.Timeline;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineReportTest {
  private static final ConnectTimeline STEPS =
      new ConnectTimeline(
          1_000_000,
          2_000_000,
          -1,
          4_000_000,
          9_000_000,
          InetSocketAddress.createUnresolved("example.com", 80),
          null);

  private final Printed printed = new Printed();
  private final TimelineReport report =
      new TimelineReport(new Timeline(printed.stream(), false, () -> 0), Secrets.none());

  @Test
  void anAttemptHasItsSteps() {
    report.event(new TransportOpened(1, 1, STEPS));
    report.state(new Open(1, "chat", "", STEPS));
    report.event(new RoundTripMeasured(1, Duration.ofMillis(3)));

    assertPrinted(
        "PEER        example.com:80",
        "OPEN        transport 1, attempt 1, 9.0 ms (dns 1.0, tcp 2.0, upgrade 4.0)",
        "PROTOCOL    the server chose chat",
        "PONG        round trip 3.0 ms");
  }

  @Test
  void aRefusalHasItsBody() {
    HandshakeRejected refusal = new HandshakeRejected("rejected", 403, List.of(), " no\nway\n");

    report.event(new AttemptFailed(1, refusal, ConnectTimeline.EMPTY));

    assertPrinted("FAILED      attempt 1: HTTP 403 instead of 101", "BODY        no\\nway");
  }

  @Test
  void fatesComeTogetherButNeverAfterTheEnd() {
    report.ended(new Ended(1, 5, new Fate.Confirmed(), Duration.ofMillis(2)));
    report.ended(new Ended(2, 5, new Fate.Confirmed(), Duration.ofMillis(1)));
    assertPrinted();
    report.tick();
    report.ended(new Ended(3, 5, new Fate.Expired(), Duration.ofSeconds(1)));
    report.state(new Closed(1000, "", true, null));

    assertPrinted(
        "-> FATE     lines 1 to 2 confirmed after 1.0 to 2.0 ms",
        "-> FATE     line 3 expired after 1000 ms",
        "CLOSED      1000, clean");
  }

  @Test
  void theQueueIsShownWhileSomethingWaits() {
    report.queue(new QueueSnapshot(0, 3, 15, Duration.ZERO));
    report.queue(new QueueSnapshot(2, 1, 15, Duration.ZERO));
    report.queue(new QueueSnapshot(0, 0, 0, Duration.ZERO));
    report.queue(new QueueSnapshot(0, 1, 5, Duration.ZERO));

    assertPrinted(
        "QUEUE       2 queued, 1 in flight, together 15 bytes",
        "QUEUE       0 queued, 0 in flight, together 0 bytes");
  }

  @Test
  void theEndHasItsNumbers() {
    RoundTrips trips =
        RoundTrips.NONE
            .with(Duration.ofMillis(4))
            .with(Duration.ofMillis(1))
            .with(Duration.ofMillis(7));
    report.message(Message.text("hi"));
    report.result(new Result(Ending.GAVE_UP, Outcome.LOST, 5, 3, 1, 2, trips));

    assertThat(printed.lines())
        .containsExactly(
            "    0.00  <- MESSAGE  hi",
            "",
            "Ended because it gave up: the connection was lost.",
            "3 round trips: least 1.0 ms, mean 4.0 ms, most 7.0 ms",
            "lines=5 delivered=3 undelivered=2 received=1 reconnects=2");
  }

  private void assertPrinted(String... lines) {
    assertThat(printed.lines()).extracting(line -> line.substring(10)).containsExactly(lines);
  }
}
