package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import org.junit.jupiter.api.Test;

class MessageTextTest {
  @Test
  void whatFitsIsShownWhole() {
    assertThat(MessageText.of(Message.text("x".repeat(40)), 40)).isEqualTo("x".repeat(40));
    assertThat(MessageText.of(Message.text(""), 40)).isEmpty();
  }

  @Test
  void whatDoesNotFitIsCutWithItsSize() {
    assertThat(MessageText.of(Message.text("x".repeat(41)), 40))
        .isEqualTo("x".repeat(26) + "... (41 bytes)")
        .hasSize(40);
    assertThat(MessageText.of(Message.text("\u00fc".repeat(5_000_000)), 40))
        .hasSize(40)
        .endsWith("\u00fc... (10000000 bytes)");
  }

  @Test
  void charactersOfTwoCharsCountOnce() {
    String face = "\ud83d\ude00";

    assertThat(MessageText.of(Message.text(face.repeat(40)), 40)).isEqualTo(face.repeat(40));
    assertThat(MessageText.of(Message.text(face.repeat(41)), 40))
        .isEqualTo(face.repeat(25) + "... (164 bytes)");
  }

  @Test
  void linesAndTabsAreEscapedAndTheRestIsHarmless() {
    assertThat(MessageText.of(Message.text("{\r\n\t\"a\": 1}\033[2J"), 40))
        .isEqualTo("{\\r\\n\\t\"a\": 1}?[2J");
    assertThat(MessageText.of(Message.text("\n".repeat(21)), 40)).endsWith("... (21 bytes)");
  }

  @Test
  void bytesAreShownInHex() {
    assertThat(MessageText.of(Message.binary(new byte[] {0, 1, (byte) 0xff}), 40))
        .isEqualTo("3 bytes: 00 01 ff");
    assertThat(MessageText.of(Message.binary(new byte[] {7}), 40)).isEqualTo("1 byte: 07");
    assertThat(MessageText.of(Message.binary(new byte[0]), 40)).isEqualTo("0 bytes");
    assertThat(MessageText.of(Message.binary(new byte[100]), 40))
        .hasSize(40)
        .startsWith("100 bytes: 00 00")
        .endsWith("...");
  }
}
