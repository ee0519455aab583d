package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void rejectedMessagesAreNotAccepted() {
    Tally tally = new Tally();
    for (int i = 0; i < 3; i++) tally.countSent();
    tally.countEnded(new Fate.Confirmed());
    tally.countEnded(new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL));
    tally.countEnded(new Fate.InDoubt(Fate.InDoubt.Reason.CONNECTION_CLOSED, null));

    assertThat(tally.accepted()).isEqualTo(2);
    assertThat(tally.delivered()).isEqualTo(1);
    assertThat(tally.otherwise()).isEqualTo(1);
  }
}
