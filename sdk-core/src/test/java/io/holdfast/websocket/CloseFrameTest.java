package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseFrameTest {

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1010, 1011, 1014, 3000, 3999, 4000, 4999})
  void legalCodesAreReadAndEchoed(int code) throws ProtocolViolated {
    PeerClosed read = CloseFrame.parse(CloseFrame.payload(code, "why"));

    assertThat(read.code()).isEqualTo(code);
    assertThat(read.reason()).isEqualTo("why");
    assertThat(CloseFrame.answerTo(read)).isEqualTo(CloseFrame.payload(code, ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
  void codesThatNoFrameMayCarryAreRefusedBothWays(int code) {
    byte[] wire = {(byte) (code >> 8), (byte) code};

    assertThatThrownBy(() -> CloseFrame.parse(wire))
        .isInstanceOfSatisfying(
            ProtocolViolated.class, e -> assertThat(e.closeCode()).isEqualTo(1002));
    assertThatThrownBy(() -> CloseFrame.payload(code, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("but was " + code);
  }

  @Test
  void emptyCloseIs1005AndIsAnsweredWithAnEmptyOne() throws ProtocolViolated {
    PeerClosed read = CloseFrame.parse(new byte[0]);

    assertThat(read.code()).isEqualTo(1005);
    assertThat(CloseFrame.answerTo(read)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"03e8ff", "03e8e282", "03e8c080"})
  void reasonMustBeUtf8(String hex) {
    assertThatThrownBy(() -> CloseFrame.parse(ByteString.decodeHex(hex).toByteArray()))
        .isInstanceOfSatisfying(
            ProtocolViolated.class, e -> assertThat(e.closeCode()).isEqualTo(1007));
  }

  @Test
  void reasonMustFitAControlFrame() {
    assertThat(CloseFrame.payload(1000, "x".repeat(123))).hasSize(125);
    assertThatThrownBy(() -> CloseFrame.payload(1000, "é".repeat(62)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("close reason must be <= 123 bytes of UTF-8 but was 124");
  }

  @Test
  void whoBrokeARuleIsToldWhichKind() {
    assertThat(CloseFrame.answerTo(new ProtocolViolated(1007, "rule")))
        .isEqualTo(CloseFrame.payload(1007, ""));
    assertThat(CloseFrame.answerTo(new MessageTooLarge("rule")))
        .isEqualTo(CloseFrame.payload(1009, ""));
    assertThat(CloseFrame.answerTo(new EndedWithoutClose())).isNull();
  }
}
