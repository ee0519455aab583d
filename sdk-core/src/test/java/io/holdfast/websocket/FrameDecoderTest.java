package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.RawFrame;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
  private static final InboundLimits LIMITS = new InboundLimits(1 << 20, 100, 1000, 1000);

  @Test
  void examplesOfTheRfcAreRead() {
    assertThat(decode("810548656c6c6f")).containsExactly("text Hello");
    assertThat(decode("010348656c80026c6f")).containsExactly("text Hello");
    assertThat(decode("890548656c6c6f")).containsExactly("ping 48656c6c6f");
    assertThat(decode("8a0548656c6c6f")).containsExactly("pong 48656c6c6f");
    assertThat(decode("827e0100" + "ab".repeat(256))).containsExactly("binary " + "ab".repeat(256));
    assertThat(decode("827f0000000000010000" + "ab".repeat(65536)))
        .containsExactly("binary " + "ab".repeat(65536));
  }

  @Test
  void emptyMessagesAndFramesAreRead() {
    assertThat(decode("8100" + "8200" + "8900" + "8a00"))
        .containsExactly("text ", "binary ", "ping ", "pong ");
    assertThat(decode("0100" + "0000" + "8000")).containsExactly("text ");
  }

  @Test
  void controlFramesMayStandBetweenFragments() {
    assertThat(decode("0103e282ac" + "890170" + "000161" + "8a00" + "800162"))
        .containsExactly("ping 70", "pong ", "text €ab");
  }

  @Test
  void everyCutGivesTheSame() {
    byte[] bytes = everyKindOfFrame();
    List<String> whole = RecordingFrames.decode(LIMITS, bytes);

    assertThat(whole).hasSize(9).last().isEqualTo("close 1001 bye");
    for (int first = 0; first <= bytes.length; first++) {
      assertThat(RecordingFrames.decode(LIMITS, bytes, first)).isEqualTo(whole);
      assertThat(RecordingFrames.decodePausing(LIMITS, bytes, first)).isEqualTo(whole);
    }
    int[] everywhere = new int[bytes.length];
    for (int i = 0; i < everywhere.length; i++) everywhere[i] = i;
    assertThat(RecordingFrames.decode(LIMITS, bytes, everywhere)).isEqualTo(whole);
  }

  private static byte[] everyKindOfFrame() {
    Buffer bytes = new Buffer();
    bytes.write(RawFrame.text("grüße, 世界 𝄞").encode());
    bytes.write(RawFrame.ping(ByteString.encodeUtf8("p")).encode());
    bytes.write(RawFrame.of(RawFrame.TEXT, false, ByteString.decodeHex("f09d")).encode());
    bytes.write(RawFrame.pong(ByteString.EMPTY).encode());
    bytes.write(RawFrame.of(RawFrame.CONTINUATION, false, ByteString.decodeHex("84")).encode());
    bytes.write(RawFrame.of(RawFrame.CONTINUATION, true, ByteString.decodeHex("9e21")).encode());
    bytes.write(RawFrame.binary(new byte[300]).encode());
    bytes.write(RawFrame.binary().encode());
    bytes.write(RawFrame.text("").encode());
    bytes.write(RawFrame.text("plain ascii, longer than sixteen").encode());
    bytes.write(RawFrame.close(1001, "bye").encode());
    bytes.write(RawFrame.text("after the Close nothing counts").encode());
    return bytes.readByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "c100, RSV bits must be 0: no extension was negotiated",
    "a100, RSV bits must be 0: no extension was negotiated",
    "9100, RSV bits must be 0: no extension was negotiated",
    "8300, opcode must be a known one but was 3",
    "8700, opcode must be a known one but was 7",
    "8b00, opcode must be a known one but was 11",
    "8f00, opcode must be a known one but was 15",
    "0900, control frame must not be fragmented",
    "0800, control frame must not be fragmented",
    "897e, control frame must be <= 125 bytes",
    "887f, control frame must be <= 125 bytes",
    "8180, server's frame must not be masked",
    "8000, continuation must follow a fragment",
    "0000, continuation must follow a fragment",
    "01008100, message must end before the next begins",
    "02000100, message must end before the next begins",
    "817e007d, frame length must be written in the fewest bytes but 125 was not",
    "817f000000000000ffff, frame length must be written in the fewest bytes but 65535 was not",
    "827f8000000000000000, frame length must be below 2^63",
    "827fffffffffffffffff, frame length must be below 2^63",
    "880103, Close payload must not be 1 byte",
  })
  void brokenRulesAreNamed(String hex, String rule) {
    assertThat(decode(hex)).containsExactly("failed: 1002 " + rule);
  }

  @Test
  void whatCameBeforeABrokenRuleIsTold() {
    assertThat(decode("810161" + "8300")).hasSize(2).first().isEqualTo("text a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"827f4000000000000000", "827f0000000000100001", "827f7fffffffffffffff"})
  void announcedLengthAboveTheLimitFailsByItsHeaderAlone(String hex) {
    assertThat(decode(hex)).singleElement().asString().startsWith("failed: 1009");
  }

  @Test
  void fragmentsThatAddUpAboveTheLimitFail() {
    InboundLimits four = new InboundLimits(4, 100, 1000, 1000);

    assertThat(decode(four, "020261620002" + "6364" + "8000")).containsExactly("binary 61626364");
    assertThat(decode(four, "02026162" + "8003"))
        .singleElement()
        .asString()
        .contains("must be <= 4 bytes");
  }

  @Test
  void fragmentsAreCounted() {
    InboundLimits two = new InboundLimits(100, 2, 1000, 1000);

    assertThat(decode(two, "0100" + "8000" + "0100" + "8000")).hasSize(2);
    assertThat(decode(two, "0100" + "0000" + "0000"))
        .singleElement()
        .asString()
        .contains("<= 2 fragments");
  }

  @Test
  void memoryGrowsWithWhatComesAndNotWithWhatIsAnnounced() {
    InboundLimits huge = new InboundLimits(Integer.MAX_VALUE - 8, 100, 1000, 1000);
    long before = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();

    for (int i = 0; i < 100; i++) assertThat(decode(huge, "827f000000007ffffff0" + "00")).isEmpty();

    long after = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    assertThat(after - before).isLessThan(1L << 30);
  }

  @Test
  void textIsRefusedAtItsFirstWrongByte() {
    // The frame announces 100 bytes; the second of them is wrong.
    assertThat(decode("8164" + "61ff")).containsExactly("failed: 1007 text message must be UTF-8");
  }

  @Test
  void textThatEndsInsideACharacterIsRefused() {
    assertThat(decode("8102e282")).singleElement().asString().startsWith("failed: 1007");
    assertThat(decode("0102e282" + "8101ac"))
        .singleElement()
        .asString()
        .contains("must end before");
    assertThat(decode("0102e282" + "8001ac")).containsExactly("text €");
  }

  @Test
  void stateOfOneTextDoesNotReachTheNext() {
    assertThat(decode("8203e282ff" + "810161" + "8202e282" + "810162"))
        .containsExactly("binary e282ff", "text a", "binary e282", "text b");
  }

  private static List<String> decode(String hex) {
    return decode(LIMITS, hex);
  }

  private static List<String> decode(InboundLimits limits, String hex) {
    return RecordingFrames.decode(limits, ByteString.decodeHex(hex).toByteArray());
  }
}
