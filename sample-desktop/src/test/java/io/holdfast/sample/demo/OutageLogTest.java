package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.demo.OutageLog.Outage;
import io.holdfast.sample.demo.Report.Failed;
import io.holdfast.sample.demo.Report.Lost;
import io.holdfast.sample.demo.Report.Opened;
import io.holdfast.sample.demo.Report.Proved;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageLogTest {
  private static final String ENDED = "stream ended without a Close frame";

  private final OutageLog log = new OutageLog(() -> this.nowNanos);
  private long nowNanos = 1_000_000_000L;

  @Test
  void anOutageIsFromTheLossToTheTransportThatProvedItself() {
    first();
    log.begins(FaultKind.ACCEPT_AND_DROP);
    pass(3);
    log.add(new Lost(5, ENDED));
    pass(100);
    log.add(new Failed());
    pass(50);
    log.add(new Opened());
    log.add(new Lost(7, ENDED));
    pass(200);
    log.add(new Opened());
    log.add(new Proved());

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
    log.add(new Lost(0, ENDED));

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
    log.add(new Lost(0, ENDED));
    log.begins(FaultKind.FLOOD);

    assertThat(log.harmless()).containsExactly(FaultKind.SLOW_PATH, FaultKind.FLOOD);
  }

  @Test
  void theFirstOpeningIsNoOutageAndALossWithoutAFaultHasNone() {
    first();
    assertThat(log.outages()).isEmpty();
    assertThat(OutageTable.lines(log)).containsExactly("There was no outage.");

    log.add(new Lost(2, ENDED));

    assertThat(log.outages().get(0).fault()).isNull();
    assertThat(log.outages().get(0).detectedAfter()).isNull();
  }

  @Test
  void theTableHasARowForEachAndFitsTheTimeline() {
    first();
    log.begins(FaultKind.SLOW_PATH);
    log.begins(FaultKind.HOLE_TO_CLIENT);
    pass(1_212);
    log.add(new Lost(48, "x".repeat(200)));
    pass(1_240);
    log.add(new Opened());
    log.add(new Proved());
    pass(10_000);
    log.add(new Lost(0, ENDED));

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
      log.add(new Lost(0, ENDED));
      log.add(new Proved());
    }

    assertThat(OutageTable.lines(log)).hasSize(43).last().isEqualTo("and 60 more");
  }

  @Test
  void aKillIsAnOutageUntilTheNextProcessHasProvedATransport() {
    first();
    log.begins(FaultKind.KILL);
    pass(300);
    log.killed(9);
    pass(1_000);
    log.add(new Opened());
    log.add(new Proved());

    assertThat(log.outages())
        .containsExactly(
            new Outage(
                FaultKind.KILL,
                "process killed",
                Duration.ofMillis(300),
                1_300_000_000L,
                Duration.ofSeconds(1),
                1,
                9));
  }

  private void first() {
    log.add(new Failed());
    log.add(new Opened());
    log.add(new Proved());
  }

  private void pass(long millis) {
    nowNanos += millis * 1_000_000;
  }
}
