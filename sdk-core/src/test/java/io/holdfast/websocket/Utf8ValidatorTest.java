package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.Arrays;
import java.util.Random;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8ValidatorTest {
  private final CharsetDecoder jdk = UTF_8.newDecoder();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "e18080",
        "ed9fbf",
        "ee8080",
        "efbfbf",
        "efbfbe",
        "f0908080",
        "f1808080",
        "f48fbfbf",
        "ceba e1bdb9 cf83 cebc ceb5"
      })
  void validTextIsAccepted(String hex) {
    assertThat(isValid(bytes(hex))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0",
        "c080",
        "c1bf",
        "e08080",
        "e09fbf",
        "eda080",
        "edbfbf",
        "f0808080",
        "f08fbfbf",
        "f4908080",
        "f5808080",
        "f888808080",
        "fe",
        "ff",
        "c27f",
        "e28161",
        "61c0"
      })
  void overlongsSurrogatesAndWhatIsNoUnicodeAreRefused(String hex) {
    assertThat(new Utf8Validator().accept(bytes(hex), 0, bytes(hex).length)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"c2", "e0a0", "e282", "f0", "f09d", "f09d84", "61f48f"})
  void cutTextIsAcceptedButNotComplete(String hex) {
    Utf8Validator utf8 = new Utf8Validator();

    assertThat(utf8.accept(bytes(hex), 0, bytes(hex).length)).isTrue();
    assertThat(utf8.isComplete()).isFalse();
  }

  @Test
  void everyCodePointIsAcceptedAndEverySurrogateRefused() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
      byte[] bytes =
          surrogate ? threeBytes(codePoint) : Character.toString(codePoint).getBytes(UTF_8);
      if (isValid(bytes) == surrogate) throw new AssertionError(Integer.toHexString(codePoint));
    }
  }

  @Test
  void everyPairOfBytesIsJudgedAsTheJdkJudgesIt() {
    byte[] bytes = new byte[20];
    for (int offset : new int[] {0, 7, 18}) {
      for (int pair = 0; pair <= 0xffff; pair++) {
        Arrays.fill(bytes, (byte) 'a');
        bytes[offset] = (byte) (pair >> 8);
        bytes[offset + 1] = (byte) pair;
        if (isValid(bytes) != jdkAccepts(bytes)) throw new AssertionError(Arrays.toString(bytes));
      }
    }
  }

  @Test
  void randomBytesAreJudgedAsTheJdkJudgesThemAtAnyCut() {
    Random random = new Random(1);
    byte[] leads = {'a', 'z', (byte) 0xc3, (byte) 0xe0, (byte) 0xed, (byte) 0xf0, (byte) 0xf4};
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = new byte[random.nextInt(5)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            random.nextBoolean() ? leads[random.nextInt(7)] : (byte) (0x80 | random.nextInt(64));
      }
      int cut = random.nextInt(bytes.length + 1);
      Utf8Validator utf8 = new Utf8Validator();
      boolean valid =
          utf8.accept(bytes, 0, cut) && utf8.accept(bytes, cut, bytes.length) && utf8.isComplete();
      if (valid != jdkAccepts(bytes)) throw new AssertionError(ByteString.of(bytes).hex());
    }
  }

  private static byte[] threeBytes(int codePoint) {
    return new byte[] {
      (byte) (0xe0 | codePoint >> 12),
      (byte) (0x80 | (codePoint >> 6 & 0x3f)),
      (byte) (0x80 | (codePoint & 0x3f))
    };
  }

  private static boolean isValid(byte[] bytes) {
    Utf8Validator utf8 = new Utf8Validator();
    return utf8.accept(bytes, 0, bytes.length) && utf8.isComplete();
  }

  private boolean jdkAccepts(byte[] bytes) {
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    return !jdk.reset().decode(ByteBuffer.wrap(bytes), chars, true).isError();
  }

  private static byte[] bytes(String hex) {
    return ByteString.decodeHex(hex.replace(" ", "")).toByteArray();
  }
}
