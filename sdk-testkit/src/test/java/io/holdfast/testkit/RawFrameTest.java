package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import okio.ByteString;
import org.junit.jupiter.api.Test;

/** The frames of RFC 6455 section 5.7, and the borders of the length's three forms. */
class RawFrameTest {
  @Test
  void framesOfTheRfcAreEncodedAsItShows() {
    ByteString key = ByteString.decodeHex("37fa213d");
    RawFrame hello = RawFrame.text("Hello");

    assertThat(hello.encode().hex()).isEqualTo("810548656c6c6f");
    assertThat(hello.withMaskKey(key).encode().hex()).isEqualTo("818537fa213d7f9f4d5158");
    assertThat(RawFrame.text("Hel").withFin(false).encode().hex()).isEqualTo("010348656c");
    assertThat(RawFrame.ping(hello.payload()).encode().hex()).isEqualTo("890548656c6c6f");
  }

  @Test
  void theLengthHasItsShortestForm() {
    assertThat(header(125)).isEqualTo("827d");
    assertThat(header(126)).isEqualTo("827e007e");
    assertThat(header(65_535)).isEqualTo("827effff");
    assertThat(header(65_536)).isEqualTo("827f0000000000010000");
  }

  @Test
  void whatBreaksTheProtocolCanBeSaid() {
    assertThat(RawFrame.of(15, false, ByteString.EMPTY).withReserved(7).encode().hex())
        .isEqualTo("7f00");
    assertThat(RawFrame.close(1005, "").encode().hex()).isEqualTo("880203ed");
    assertThat(RawFrame.close(65_535, "").closeCode()).isEqualTo(65_535);
    assertThat(RawFrame.emptyClose().encode().hex()).isEqualTo("8800");
  }

  @Test
  void whatDoesNotFitItsFieldIsRefused() {
    assertThatThrownBy(() -> RawFrame.of(16, true, ByteString.EMPTY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("opcode must be 0 to 15 but was 16");
    assertThatThrownBy(() -> RawFrame.text("").withReserved(8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RawFrame.text("").withMaskKey(ByteString.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String header(int size) {
    ByteString wire = RawFrame.binary(new byte[size]).encode();
    return wire.substring(0, wire.size() - size).hex();
  }
}
