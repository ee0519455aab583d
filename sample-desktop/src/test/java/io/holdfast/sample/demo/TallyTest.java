package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.demo.Report.Ending;
import io.holdfast.testkit.Ledger;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();
  private final Ledger ledger = new Ledger();

  private void sent(long number, boolean accepted, boolean arrived) {
    tally.add(new Report.Sending(number));
    if (accepted) tally.add(new Report.Accepted(number));
    if (arrived) ledger.record(1, "message " + number);
  }

  @Test
  void whatWasAcceptedAndDidNotArriveIsLost() {
    sent(1, true, true);
    sent(2, true, false);
    sent(3, false, false);

    assertThat(tally.accepted(ledger)).isEqualTo(2);
    assertThat(tally.lost(ledger)).isEqualTo(1);
    assertThat(tally.last()).isEqualTo(3);
  }

  @Test
  void whatArrivedWasAcceptedThoughAKillCutTheWordOff() {
    sent(1, false, true);

    assertThat(tally.accepted(ledger)).isEqualTo(1);
    assertThat(tally.lost(ledger)).isZero();
  }

  @Test
  void eachMessageCountsOnceThroughSeveralLives() {
    tally.add(new Report.Ended(1, Ending.DELIVERED));
    tally.add(new Report.Ended(1, Ending.DELIVERED));
    tally.add(new Report.Ended(2, Ending.KEPT));
    tally.add(new Report.Ended(3, Ending.REJECTED));
    tally.add(new Report.Ended(4, Ending.OTHERWISE));

    assertThat(tally.delivered()).isEqualTo(1);
    assertThat(tally.otherwise()).isEqualTo(1);
  }
}
