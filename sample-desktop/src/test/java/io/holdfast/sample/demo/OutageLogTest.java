package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.sample.demo.OutageLog.Outage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageLogTest {
  private final OutageLog log = new OutageLog(() -> this.nowNanos);
  private long nowNanos = 1_000_000_000L;

  @Test
  void anOutageIsFromTheLossToTheTransportThatProvedItself() {
    first();
    log.begins(FaultKind.ACCEPT_AND_DROP);
    pass(3);
    log.add(new TransportLost(1, new EndedWithoutClose(), 5));
    pass(100);
    log.add(new AttemptFailed(1, new Refused("no", null), ConnectTimeline.EMPTY));
    pass(50);
    log.add(new TransportOpened(2, 2, ConnectTimeline.EMPTY));
    log.add(new TransportLost(2, new EndedWithoutClose(), 7));
    pass(200);
    log.add(new TransportOpened(3, 3, ConnectTimeline.EMPTY));
    log.add(new OutageEnded(3));

    assertThat(log.outages())
        .containsExactly(
            new Outage(
                FaultKind.ACCEPT_AND_DROP,
                "stream ended without a Close frame",
                Duration.ofMillis(3),
                1_003_000_000L,
                Duration.ofMillis(350),
                3,
                12));
    assertThat(log.harmless()).isEmpty();
  }

  @Test
  void whatIsFoundAfterTheFaultIsStillItsDoing() {
    first();
    log.begins(FaultKind.BLACK_HOLE);
    pass(5_000);
    log.add(new TransportLost(1, new EndedWithoutClose(), 0));

    Outage outage = log.outages().get(0);
    assertThat(outage.fault()).isEqualTo(FaultKind.BLACK_HOLE);
    assertThat(outage.detectedAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(outage.openAgainAfter()).isNull();
  }

  @Test
  void aFaultThatCostNoTransportIsHarmless() {
    first();
    log.begins(FaultKind.SLOW_PATH);
    log.begins(FaultKind.RESTART);
    log.add(new TransportLost(1, new EndedWithoutClose(), 0));
    log.begins(FaultKind.FLOOD);

    assertThat(log.harmless()).containsExactly(FaultKind.SLOW_PATH, FaultKind.FLOOD);
  }

  @Test
  void theFirstOpeningIsNoOutageAndALossWithoutAFaultHasNone() {
    first();
    assertThat(log.outages()).isEmpty();
    assertThat(OutageTable.lines(log)).containsExactly("There was no outage.");

    log.add(new TransportLost(1, new EndedWithoutClose(), 2));

    assertThat(log.outages().get(0).fault()).isNull();
    assertThat(log.outages().get(0).detectedAfter()).isNull();
  }

  @Test
  void theTableHasARowForEachAndFitsTheTimeline() {
    first();
    log.begins(FaultKind.SLOW_PATH);
    log.begins(FaultKind.HOLE_TO_CLIENT);
    pass(1_212);
    log.add(new TransportLost(1, new Refused("x".repeat(200), null), 48));
    pass(1_240);
    log.add(new TransportOpened(2, 1, ConnectTimeline.EMPTY));
    log.add(new OutageEnded(2));
    pass(10_000);
    log.add(new TransportLost(2, new EndedWithoutClose(), 0));

    List<String> lines = OutageTable.lines(log);

    assertThat(lines).hasSize(5).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
    assertThat(lines.get(2))
        .startsWith("black hole from the server xxxxxxxxxxxxxxxxxxxxxxxxxxx... ")
        .matches(".*  1212 ms     1240 ms        1         48");
    assertThat(lines.get(3)).startsWith("black hole from the server").contains(" - ");
    assertThat(lines.get(4)).isEqualTo("No transport was lost to: slow path.");
  }

  @Test
  void aLongShowHasAShortTable() {
    for (int i = 0; i < 100; i++) {
      log.begins(FaultKind.RESTART);
      log.add(new TransportLost(i, new EndedWithoutClose(), 0));
      log.add(new OutageEnded(i));
    }

    assertThat(OutageTable.lines(log)).hasSize(43).last().isEqualTo("and 60 more");
  }

  private void first() {
    log.add(new AttemptFailed(1, new Refused("no", null), ConnectTimeline.EMPTY));
    log.add(new TransportOpened(1, 2, ConnectTimeline.EMPTY));
    log.add(new OutageEnded(1));
  }

  private void pass(long millis) {
    nowNanos += millis * 1_000_000;
  }
}
