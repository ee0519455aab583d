package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Message;
import io.holdfast.fixtures.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 7692 section 7.2.1, read back with zlib. */
class MessageDeflaterTest {
  private static final AgreedDeflate TAKEOVER = new AgreedDeflate(true, true, 15);
  private static final AgreedDeflate ALONE = new AgreedDeflate(true, false, 15);

  private final VirtualClock clock = new VirtualClock();
  private final Buffer wire = new Buffer();
  private final FrameEncoder frames = new FrameEncoder(new MaskKeys(), wire::writeAll);
  private final List<Integer> gaps = new ArrayList<>();
  private MessageDeflater deflater = deflater(TAKEOVER, 0, 16 * 1024);

  private MessageDeflater deflater(AgreedDeflate agreed, int minBytes, int fragmentBytes) {
    Compression compression = Compression.DEFAULT.withMinBytes(minBytes);
    return new MessageDeflater(
        agreed, new TransportOptions(InboundLimits.DEFAULT, fragmentBytes, compression), clock);
  }

  @AfterEach
  void nothingIsLeftOver() {
    Deflater held = deflater.held();
    deflater.close();
    assertThat(deflater.held()).isNull();
    if (held != null) assertEnded(held);
    assertThat(clock.timers()).isZero();
  }

  @Test
  void smallMessageIsTheFrameOfTheRfc() throws IOException {
    write(Message.text("Hello"));

    // Section 7.2.3.1, then section 7.2.3.2: the second refers to the first.
    assertThat(readFrame()).isEqualTo(new Frame(0xc1, ByteString.decodeHex("f248cdc9c90700")));
    write(Message.text("Hello"));
    assertThat(readFrame()).isEqualTo(new Frame(0xc1, ByteString.decodeHex("f200110000")));
    assertThat(gaps).isEmpty();
  }

  @Test
  void withoutTakeoverEachMessageIsCompressedByItself() throws IOException {
    deflater = deflater(ALONE, 0, 16 * 1024);
    for (int i = 0; i < 2; i++) {
      write(Message.text("Hello"));
      assertThat(readFrame().payload().hex()).isEqualTo("f248cdc9c90700");
    }
  }

  @Test
  void thresholdAndWindowSayWhatIsCompressed() {
    assertThat(deflater(TAKEOVER, 10, 128).wants(9)).isFalse();
    assertThat(deflater(TAKEOVER, 10, 128).wants(10)).isTrue();
    assertThat(deflater(TAKEOVER, 0, 128).wants(0)).isFalse();
    assertThat(deflater(TAKEOVER, 0, 128).wants(Integer.MAX_VALUE)).isTrue();
    MessageDeflater small = deflater(new AgreedDeflate(true, true, 9), 0, 128);
    assertThat(small.wants(512)).isTrue();
    assertThat(small.wants(513)).isFalse();
  }

  @Test
  void smallWindowIsNeverLeft() throws IOException {
    deflater = deflater(new AgreedDeflate(true, true, 9), 0, 16 * 1024);
    byte[] payload = random(300);
    for (int i = 0; i < 2; i++) {
      write(Message.binary(payload));
      // With the first one's context the second would be short.
      assertThat(readFrame().payload().size()).isGreaterThan(300);
    }
  }

  @Test
  void fragmentsCarryRsv1OnTheFirstAlone() throws IOException {
    byte[] payload = random(100_000);
    write(Message.binary(payload));

    List<Frame> message = readMessage();
    assertThat(message).hasSizeGreaterThan(6);
    assertThat(message.get(0).first()).isEqualTo(0x42);
    assertThat(message.subList(1, message.size() - 1)).allMatch(frame -> frame.first() == 0);
    assertThat(message.get(message.size() - 1).first()).isEqualTo(0x80);
    assertThat(message).allMatch(frame -> frame.payload().size() <= 16 * 1024);
    assertThat(gaps).hasSize(message.size() - 1).isSorted().allMatch(at -> at <= 100_000);
  }

  @Test
  void everySizeAndFragmentSizeIsInflatedToItself() throws Exception {
    for (int fragmentBytes : new int[] {128, 129, 130, 131, 132, 133, 1000, Integer.MAX_VALUE}) {
      for (AgreedDeflate agreed : List.of(TAKEOVER, ALONE)) {
        MessageDeflater each = deflater(agreed, 0, fragmentBytes);
        Inflater inflater = new Inflater(true);
        for (int size = 1; size < 700; size += 7) {
          checkRoundTrip(each, agreed, inflater, size % 2 == 0 ? random(size) : text(size));
        }
        checkRoundTrip(each, agreed, inflater, random(300_000));
        checkRoundTrip(each, agreed, inflater, text(300_000));
        inflater.end();
        each.close();
      }
    }
  }

  private void checkRoundTrip(
      MessageDeflater each, AgreedDeflate agreed, Inflater inflater, byte[] payload)
      throws IOException, DataFormatException {
    each.write(frames, Opcode.BINARY, Message.wrap(payload).payload(), bytes -> true);
    Buffer deflated = new Buffer();
    for (Frame frame : readMessage()) deflated.write(frame.payload());
    deflated.write(ByteString.decodeHex("0000ffff"));
    inflater.setInput(deflated.readByteArray());
    byte[] inflated = new byte[payload.length + 1];
    assertThat(inflater.inflate(inflated)).isEqualTo(payload.length);
    assertThat(Arrays.copyOf(inflated, payload.length)).isEqualTo(payload);
    assertThat(inflater.needsInput()).isTrue();
    if (!agreed.clientTakeover()) inflater.reset();
  }

  @Test
  void othersMayPassThoughALongMessageFillsNoFragment() throws IOException {
    write(Message.binary(new byte[1 << 20]));

    assertThat(readMessage()).hasSize(1);
    assertThat(gaps).hasSize((1 << 20) / MessageDeflater.UNBROKEN_BYTES - 1).isSorted();
  }

  @Test
  void gapMayGiveTheMessageUp() throws IOException {
    boolean whole =
        deflater.write(frames, Opcode.TEXT, Message.binary(random(100_000)).payload(), at -> false);

    assertThat(whole).isFalse();
    frames.finish();
    readFrame();
    assertThat(wire.exhausted()).isTrue();
  }

  @Test
  void stateIsMadeWhenNeededAndFreedWhenIdle() throws IOException {
    assertThat(deflater.held()).isNull();
    write(Message.text("Hello"));
    Deflater first = requireNonNull(deflater.held());
    clock.advance(Duration.ofSeconds(59));
    write(Message.text("Hello"));
    clock.advance(Duration.ofSeconds(30));
    assertThat(deflater.held()).isSameAs(first);
    clock.advance(Duration.ofSeconds(30));
    assertThat(deflater.held()).isNull();
    assertEnded(first);
    assertThat(clock.timers()).isZero();

    wire.clear();
    write(Message.text("Hello"));
    assertThat(readFrame().payload().hex()).isEqualTo("f248cdc9c90700");
  }

  @Test
  void stateIsKeptWhileAMessageIsUnderWay() throws IOException {
    deflater.write(
        frames,
        Opcode.BINARY,
        Message.binary(random(100_000)).payload(),
        at -> {
          clock.advance(Duration.ofHours(1));
          return deflater.held() != null;
        });

    assertThat(readMessage()).hasSizeGreaterThan(6);
  }

  private static void assertEnded(Deflater ended) {
    assertThatThrownBy(ended::getBytesRead).hasMessageContaining("closed");
  }

  private void write(Message message) throws IOException {
    int opcode = message instanceof Message.Text ? Opcode.TEXT : Opcode.BINARY;
    boolean whole = deflater.write(frames, opcode, message.payload(), gaps::add);
    assertThat(whole).isTrue();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(int size) {
    return "holdfast ".repeat(size / 9 + 1).substring(0, size).getBytes(US_ASCII);
  }

  private record Frame(int first, ByteString payload) {}

  private List<Frame> readMessage() throws IOException {
    List<Frame> message = new ArrayList<>();
    do {
      message.add(readFrame());
    } while ((message.get(message.size() - 1).first() & 0x80) == 0);
    assertThat(wire.exhausted()).isTrue();
    return message;
  }

  private Frame readFrame() throws IOException {
    frames.finish();
    int first = wire.readByte() & 0xff;
    long size = wire.readByte() & 0x7f;
    if (size == 126) size = wire.readShort() & 0xffff;
    else if (size == 127) size = wire.readLong();
    ByteString key = wire.readByteString(4);
    byte[] payload = wire.readByteArray(size);
    for (int i = 0; i < payload.length; i++) payload[i] ^= key.getByte(i % 4);
    return new Frame(first, ByteString.of(payload));
  }
}
