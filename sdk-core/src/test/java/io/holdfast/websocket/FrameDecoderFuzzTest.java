package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.RawFrame;
import java.util.List;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/**
 * Anything at all may come: only a {@code ConnectionException} may be thrown, and cuts change
 * nothing.
 */
class FrameDecoderFuzzTest {
  private static final InboundLimits LIMITS = new InboundLimits(2000, 6);
  private static final int[] OPCODES = {0, 0, 1, 1, 2, 8, 9, 10};

  @Test
  void randomBytes() {
    for (long seed = 0; seed < 6_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      check(seed, random, bytes);
    }
  }

  @Test
  void mutatedFrames() {
    for (long seed = 0; seed < 6_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = frames(random);
      for (int i = random.nextInt(3); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      check(seed, random, bytes);
    }
  }

  private static byte[] frames(Random random) {
    Buffer bytes = new Buffer();
    boolean underWay = false;
    for (int i = 0; i < 12; i++) {
      int opcode = OPCODES[random.nextInt(OPCODES.length)];
      if (opcode < 8 && underWay) opcode = RawFrame.CONTINUATION;
      if (opcode == RawFrame.CONTINUATION && !underWay) opcode = RawFrame.TEXT;
      if (opcode == RawFrame.CLOSE && i < 9) opcode = RawFrame.PING;
      boolean last = opcode >= 8 || random.nextInt(3) > 0;
      if (opcode < 8) underWay = !last;
      ByteString payload = opcode == RawFrame.CLOSE ? ByteString.decodeHex("03e8") : text(random);
      bytes.write(RawFrame.of(opcode, last, payload).encode());
    }
    return bytes.readByteArray();
  }

  private static ByteString text(Random random) {
    String[] units = {"a", "é", "€", "𝄞", "plain and long enough to be skipped "};
    return ByteString.encodeUtf8(units[random.nextInt(units.length)].repeat(random.nextInt(4)));
  }

  private static void check(long seed, Random random, byte[] bytes) {
    List<String> whole = RecordingFrames.decode(LIMITS, bytes);
    int[] cuts = random.ints(random.nextInt(6), 0, bytes.length + 1).sorted().toArray();
    assertThat(RecordingFrames.decode(LIMITS, bytes, cuts)).as("seed %d", seed).isEqualTo(whole);
    assertThat(RecordingFrames.decodePausing(LIMITS, bytes, cuts))
        .as("seed %d", seed)
        .isEqualTo(whole);
  }
}
