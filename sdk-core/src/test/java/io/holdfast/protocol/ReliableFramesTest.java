package io.holdfast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReliableFramesTest {
  @Test
  void ofAReasonTheFirstKibibyteIsRead() {
    assertThat(text("no stock")).isEqualTo("no stock");
    assertThat(text("a".repeat(1_024))).isEqualTo("a".repeat(1_024));
    assertThat(text("a".repeat(1 << 20))).isEqualTo("a".repeat(1_024) + "...");
    assertThat(text("a".repeat(1_023) + "\u00e9")).isEqualTo("a".repeat(1_023) + "\ufffd...");
  }

  private static String text(String reason) {
    return ReliableFrames.text(ByteBuffer.wrap(reason.getBytes(UTF_8)));
  }
}
