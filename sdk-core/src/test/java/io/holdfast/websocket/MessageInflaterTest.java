package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.ConnectionException;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.testkit.RawFrame;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.zip.Inflater;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 section 7.2.2, and what of it must not cost us more than the limit. */
class MessageInflaterTest {
  private static final InboundLimits LIMITS = new InboundLimits(1000, 100, 1000, 1000);
  private static final String NOT_WHOLE = "failed: 1007 compressed message must be whole DEFLATE: ";

  @ParameterizedTest
  @CsvSource({
    // The examples of section 7.2.3, in its order.
    "c107f248cdc9c90700, text Hello",
    "4103f248cd8004c9c90700, text Hello",
    "c107f248cdc9c90700c105f200110000, text Hello|text Hello",
    "c10b000500faff48656c6c6f00, text Hello",
    "c108f348cdc9c9070000, text Hello",
    "c10df248050000 00ffffcac9c90700, text Hello",
    "c10100, 'text '",
    // Not a byte: less than section 7.2.3.6 asks for, and clear all the same.
    "c100, 'text '",
    "c100c107f248cdc9c90700, text |text Hello",
    // A stream that ended without the byte that section 7.2.3.4 adds.
    "c107f348cdc9c90700c107f248cdc9c90700, text Hello|text Hello",
    // Two streams, both ended, in one message.
    "c10ef348cdc9c90700f348cdc9c90700, text HelloHello",
    "c2020200, 'binary '",
    // Uncompressed messages may stand between.
    "c107f248cdc9c90700810161c105f200110000, text Hello|text a|text Hello",
  })
  void whatTheRfcAllowsIsInflated(String hex, String lines) {
    List<String> expected = List.of(lines.split("\\|"));

    assertThat(decode(true, hex.replace(" ", ""))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c10107", // Block type 3.
        "c105ffffffffff",
        "c105000500faff", // A stored block without its bytes: they must not be taken from the tail.
        "c1070005000000ffff", // A length that its complement does not confirm.
        "c106f248cdc9c907", // The end of the block is missing.
        "c105f200110000", // A reference to a message that never was.
      })
  void whatIsNotDeflateIsRefusedWith1007(String hex) {
    assertThat(decode(true, hex + "c10100")).first().asString().startsWith(NOT_WHOLE);
  }

  @Test
  void messageThatIsCutAnywhereIsRefused() {
    InboundLimits roomy = new InboundLimits(100_000, 10, 10, 10);
    Random random = new Random(1);
    for (int i = 0; i < 15; i++) {
      // Of few letters, so that the codes have a table of their own, which may be cut, too.
      byte[] content = new byte[200 + random.nextInt(1500)];
      for (int at = 0; at < content.length; at++) content[at] = letter(random);
      try (DeflatePeer peer = new DeflatePeer(false)) {
        ByteString deflated = peer.compress(ByteString.of(content));
        for (int cut = 1; cut < deflated.size(); cut++) {
          byte[] frame =
              RawFrame.of(RawFrame.BINARY, true, deflated.substring(0, cut))
                  .withReserved(4)
                  .encode()
                  .toByteArray();
          assertThat(RecordingFrames.decodeDeflated(roomy, true, false, frame))
              .as("cut at %d of %s", cut, deflated.hex())
              .singleElement()
              .asString()
              .startsWith(NOT_WHOLE);
        }
      }
    }
  }

  private static byte letter(Random random) {
    return (byte) ('a' + Math.abs(random.nextGaussian() * 12) % 90);
  }

  @Test
  void referenceToAnEarlierMessageIsRefusedWithoutTakeover() {
    assertThat(decode(false, "c107f248cdc9c90700c107f248cdc9c90700"))
        .containsExactly("text Hello", "text Hello");
    assertThat(decode(false, "c107f248cdc9c90700c105f200110000"))
        .containsExactly("text Hello", NOT_WHOLE + "invalid distance too far back");
  }

  @ParameterizedTest
  @CsvSource({
    "a100, RSV2 and RSV3 must be 0",
    "9100, RSV2 and RSV3 must be 0",
    "e100, RSV2 and RSV3 must be 0",
    "c900, RSV1 must stand on the first frame of a message alone",
    "ca00, RSV1 must stand on the first frame of a message alone",
    "c800, RSV1 must stand on the first frame of a message alone",
    "41034a4c4ac000, RSV1 must stand on the first frame of a message alone",
    "0100c000, RSV1 must stand on the first frame of a message alone",
    "c300, opcode must be a known one but was 3",
  })
  void reservedBitsThatMayNotStandAreRefusedWith1002(String hex, String rule) {
    assertThat(decode(true, hex)).containsExactly("failed: 1002 " + rule);
  }

  @Test
  void messageOfExactlyTheLimitIsTakenAndOneByteMoreIsNot() {
    for (int size : new int[] {999, 1000}) {
      assertThat(inflate("x".repeat(size))).containsExactly("text " + "x".repeat(size));
    }
    assertThat(inflate("x".repeat(1001)))
        .containsExactly("failed: 1009 message must be <= 1000 bytes but inflates to more");
  }

  @Test
  void bombEndsBeforeItIsRead() {
    try (DeflatePeer peer = new DeflatePeer(true)) {
      ByteString bomb = peer.compress(ByteString.of(new byte[4_000_000]));
      // What follows is not even looked at.
      Buffer bytes = new Buffer().write(ByteString.decodeHex("c27f0000000000020000"));
      bytes.write(bomb.substring(0, 40));

      assertThat(bomb.size()).isGreaterThan(3000);
      assertThat(decode(true, bytes.readByteString().hex()))
          .containsExactly("failed: 1009 compressed message must be <= 67536 bytes");
      bytes.write(ByteString.decodeHex("c27e8000")).write(bomb.substring(0, 40));
      assertThat(decode(true, bytes.readByteString().hex()))
          .containsExactly("failed: 1009 message must be <= 1000 bytes but inflates to more");
    }
  }

  @Test
  void bombCostsNoMoreMemoryThanTheLimit() throws ReflectiveOperationException {
    int limit = 1 << 20;
    byte[] bytes;
    try (DeflatePeer peer = new DeflatePeer(true)) {
      ByteString bomb = ByteString.of(new byte[64 << 20]);
      bytes = peer.frame(RawFrame.BINARY, bomb).encode().toByteArray();
    }
    long costs = 0;
    // The first time classes are loaded, too.
    for (int i = 0; i < 2; i++) {
      long before = allocatedBytes();
      assertThat(
              RecordingFrames.decodeDeflated(new InboundLimits(limit, 1, 1, 1), true, false, bytes))
          .singleElement()
          .asString()
          .startsWith("failed: 1009");
      costs = allocatedBytes() - before;
    }

    assertThat(costs).isLessThan(limit + (64 << 10));
  }

  /**
   * What this thread has ever allocated. By reflection: our module does not read java.management.
   */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return (long)
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class)
            .invoke(threads, Thread.currentThread().getId());
  }

  @Test
  void blocksOfNothingAreBoundedThoughTheyInflateToNothing() {
    InboundLimits small = new InboundLimits(10, 1_000_000, 1, 1);
    RawFrame empty =
        RawFrame.of(RawFrame.CONTINUATION, false, ByteString.decodeHex("000000ffff".repeat(2000)));
    Buffer bytes = new Buffer().write(ByteString.decodeHex("4200"));
    for (int i = 0; i < 10; i++) bytes.write(empty.encode());

    assertThat(RecordingFrames.decodeDeflated(small, true, false, bytes.readByteArray()))
        .containsExactly("failed: 1009 compressed message must be <= 65556 bytes");
  }

  @Test
  void textIsCheckedAsItIsInflated() {
    try (DeflatePeer peer = new DeflatePeer(true)) {
      ByteString bad = peer.compress(ByteString.decodeHex("61ff").substring(0));
      ByteString cut = new DeflatePeer(true).compress(ByteString.decodeHex("61e282"));
      // The first is refused before its message ends.
      Buffer begun = new Buffer().writeByte(0x41).writeByte(bad.size()).write(bad);

      assertThat(decode(true, begun.readByteString().hex()))
          .containsExactly("failed: 1007 text message must be UTF-8");
      begun.writeByte(0xc1).writeByte(cut.size()).write(cut);
      assertThat(decode(true, begun.readByteString().hex()))
          .containsExactly("failed: 1007 text message must be UTF-8");
      begun.writeByte(0xc2).writeByte(cut.size()).write(cut);
      assertThat(decode(true, begun.readByteString().hex())).containsExactly("binary 61e282");
    }
  }

  @Test
  void messagesOfAllSizesAreInflatedWithAndWithoutTakeover() {
    InboundLimits roomy = new InboundLimits(300_000, 100, 1, 1);
    Random random = new Random(1);
    for (boolean takeover : new boolean[] {true, false}) {
      try (DeflatePeer peer = new DeflatePeer(takeover)) {
        Buffer bytes = new Buffer();
        StringBuilder expected = new StringBuilder();
        for (int size : new int[] {1, 100, 4095, 4096, 4097, 65_536, 299_999, 300_000, 10, 5000}) {
          byte[] content = new byte[size];
          random.nextBytes(content);
          bytes.write(peer.frame(RawFrame.BINARY, ByteString.of(content)).encode());
          expected.append("binary ").append(ByteString.of(content).hex()).append('\n');
        }
        assertThat(
                String.join(
                        "\n",
                        RecordingFrames.decodeDeflated(
                            roomy, takeover, false, bytes.readByteArray()))
                    + "\n")
            .isEqualTo(expected.toString());
      }
    }
  }

  @Test
  void stateIsFreedWhenIdleUnlessTheNextMessageMayNeedIt() throws ConnectionException {
    for (boolean takeover : new boolean[] {true, false}) {
      VirtualClock clock = new VirtualClock();
      MessageInflater inflater = new MessageInflater(takeover, 1000, clock);
      assertThat(inflater.held()).isNull();
      assertThat(hello(inflater, "f248cdc9c90700", clock, Duration.ofHours(1))).isEqualTo("Hello");
      Inflater first = requireNonNull(inflater.held());

      clock.advance(Duration.ofMinutes(1));

      assertThat(inflater.held()).isSameAs(takeover ? first : null);
      if (!takeover) assertThatThrownBy(first::getBytesRead).hasMessageContaining("closed");
      assertThat(clock.timers()).isZero();
      String second = takeover ? "f200110000" : "f248cdc9c90700";
      assertThat(hello(inflater, second, clock, Duration.ZERO)).isEqualTo("Hello");
      Inflater last = requireNonNull(inflater.held());
      inflater.close();
      assertThat(inflater.held()).isNull();
      assertThatThrownBy(last::getBytesRead).hasMessageContaining("closed");
      assertThat(clock.timers()).isZero();
    }
  }

  private static String hello(
      MessageInflater inflater, String hex, VirtualClock clock, Duration pause)
      throws ConnectionException {
    byte[] bytes = ByteString.decodeHex(hex).toByteArray();
    MessageInflater.Output output = (inflated, start, end) -> {};
    inflater.begin();
    inflater.add(bytes, 0, 3, output);
    clock.advance(pause);
    inflater.add(bytes, 3, bytes.length, output);
    return new String(inflater.finish(), UTF_8);
  }

  private static List<String> inflate(String text) {
    try (DeflatePeer peer = new DeflatePeer(true)) {
      RawFrame frame = peer.frame(RawFrame.TEXT, ByteString.encodeUtf8(text));
      return decode(true, frame.encode().hex());
    }
  }

  /** Decodes it whole and byte by byte, which must be the same. */
  private static List<String> decode(boolean takeover, String hex) {
    byte[] bytes = ByteString.decodeHex(hex).toByteArray();
    List<String> whole = RecordingFrames.decodeDeflated(LIMITS, takeover, false, bytes);
    int[] everywhere = new int[bytes.length];
    for (int i = 0; i < everywhere.length; i++) everywhere[i] = i;
    assertThat(RecordingFrames.decodeDeflated(LIMITS, takeover, true, bytes, everywhere))
        .isEqualTo(whole);
    return whole;
  }
}
