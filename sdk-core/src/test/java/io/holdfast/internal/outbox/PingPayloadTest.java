package io.holdfast.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PingPayloadTest {
  private static final int NONCE = 0xCAFEBABE;

  @Test
  void carriesTheNonceAndTheNumberInNetworkOrder() {
    assertThat(PingPayload.encode(NONCE, 0x0102030405060708L))
        .containsExactly(0xCA, 0xFE, 0xBA, 0xBE, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void givesBackTheNumber() {
    for (long number : new long[] {1, 255, 1L << 40, Long.MAX_VALUE}) {
      assertThat(PingPayload.decode(NONCE, PingPayload.encode(NONCE, number))).isEqualTo(number);
    }
  }

  @Test
  void anotherTransportsPayloadIsNone() {
    assertThat(PingPayload.decode(NONCE, PingPayload.encode(NONCE + 1, 1))).isNegative();
  }

  @Test
  void aPayloadOfAnotherLengthIsNone() {
    byte[] payload = PingPayload.encode(NONCE, 1);
    for (int length = 0; length <= 125; length++) {
      if (length == payload.length) continue;
      assertThat(PingPayload.decode(NONCE, Arrays.copyOf(payload, length))).isNegative();
    }
  }

  @Test
  void aNumberThatWeNeverSendIsNone() {
    assertThat(PingPayload.decode(NONCE, PingPayload.encode(NONCE, -1))).isNegative();
    assertThat(PingPayload.decode(NONCE, PingPayload.encode(NONCE, Long.MIN_VALUE))).isNegative();
  }
}
