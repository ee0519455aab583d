package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.ConnectionException.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void openToTheEndAndAllDeliveredIsClean() {
    assertThat(Outcome.of(true, null, true)).isEqualTo(Outcome.CLEAN);
    assertThat(Outcome.of(true, null, false)).isEqualTo(Outcome.UNDELIVERED);
    assertThat(Outcome.of(false, null, true)).isEqualTo(Outcome.NEVER_OPENED);
  }

  @Test
  void aCloseInPeaceIsCleanToo() {
    for (int code : new int[] {1000, 1001, 1005}) {
      assertThat(Outcome.of(true, new PeerClosed(code, ""), true)).isEqualTo(Outcome.CLEAN);
      assertThat(Outcome.of(true, new PeerClosed(code, ""), false)).isEqualTo(Outcome.UNDELIVERED);
    }
    for (int code : new int[] {1002, 1008, 1011, 1012, 4000}) {
      assertThat(Outcome.of(true, new PeerClosed(code, ""), true))
          .isEqualTo(Outcome.CLOSED_BY_SERVER);
    }
  }

  @Test
  void otherLossesAreToldApart() {
    ConnectionException refused = new Refused("no", null);

    assertThat(Outcome.of(false, refused, true)).isEqualTo(Outcome.NEVER_OPENED);
    assertThat(Outcome.of(true, refused, true)).isEqualTo(Outcome.LOST);
    assertThat(Outcome.of(true, new EndedWithoutClose(), false)).isEqualTo(Outcome.LOST);
    assertThat(Outcome.of(false, rejected(503), true)).isEqualTo(Outcome.REFUSED);
    assertThat(Outcome.of(true, rejected(401), true)).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void whoBreaksTheProtocolIsNamed() {
    assertThat(Outcome.of(false, rejected(101), true)).isEqualTo(Outcome.PROTOCOL_BROKEN);
    assertThat(Outcome.of(true, new ProtocolViolated(1002, "mask"), true))
        .isEqualTo(Outcome.PROTOCOL_BROKEN);
    assertThat(Outcome.of(true, new MessageTooLarge("big"), true))
        .isEqualTo(Outcome.PROTOCOL_BROKEN);
  }

  @Test
  void exitStatusesAreThoseOfTheHelp() {
    assertThat(List.of(Outcome.values()))
        .extracting(outcome -> outcome.exitStatus)
        .containsExactly(0, 1, 1, 1, 3, 4, 5);
  }

  private static HandshakeRejected rejected(int status) {
    return new HandshakeRejected("no", status, List.of(), "");
  }
}
