package io.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemorySendQueueTest extends SendQueueContract {
  @Override
  SendQueue newQueue() {
    return new MemorySendQueue(MAX_BYTES);
  }

  @Override
  SendQueue reborn(SendQueue closed) {
    return closed;
  }

  @Test
  void boundsAreChecked() {
    assertThatThrownBy(() -> new MemorySendQueue(0))
        .hasMessage("maxBytes must be positive but was 0");
  }
}
