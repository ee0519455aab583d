package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import org.junit.jupiter.api.Test;

class InboundBatchTest {
  private final InboundBatch batch = new InboundBatch();

  @Test
  void itsFirstMessageGoesAtOnceAsNoRoomIsKnown() {
    assertThat(batch.isEmpty()).isTrue();
    assertThat(add(0)).isTrue();
    assertThat(batch.isEmpty()).isFalse();
  }

  @Test
  void itIsFullWithTheMessageThatReachesTheBound() {
    batch.clear(3, 1000);
    assertThat(add(1)).isFalse();
    assertThat(add(1)).isFalse();
    assertThat(add(1)).isTrue();
    assertThat(batch.messages()).hasSize(3);
  }

  @Test
  void itIsFullWithTheByteThatReachesTheBound() {
    batch.clear(1000, 100);
    assertThat(add(99)).isFalse();
    assertThat(add(0)).isFalse();
    assertThat(add(1)).isTrue();
  }

  @Test
  void beyondTheBoundEachMessageGoesAtOnce() {
    batch.clear(-5, 1000);
    assertThat(add(0)).isTrue();
    batch.clear(5, -1000);
    assertThat(add(0)).isTrue();
  }

  @Test
  void itStaysSmallHoweverMuchRoomThereIs() {
    batch.clear(Integer.MAX_VALUE, Long.MAX_VALUE);
    for (int i = 1; i < 256; i++) assertThat(add(0)).isFalse();
    assertThat(add(0)).isTrue();
  }

  @Test
  void onceClearedItStartsFromNothing() {
    batch.clear(2, 10);
    add(9);
    batch.clear(2, 10);
    assertThat(batch.isEmpty()).isTrue();
    assertThat(add(9)).isFalse();
    assertThat(batch.messages()).hasSize(1);
  }

  private boolean add(int bytes) {
    return batch.add(Message.wrap(new byte[bytes]));
  }
}
