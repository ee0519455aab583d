package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {
  private final Buffer wire = new Buffer();
  private final List<Integer> pieces = new ArrayList<>();
  private final FrameEncoder encoder =
      new FrameEncoder(
          new MaskKeys(),
          piece -> {
            pieces.add((int) piece.size());
            wire.writeAll(piece);
          });

  private final MessageEncoder messages = new MessageEncoder(encoder, Integer.MAX_VALUE, null);

  @Test
  void textAndBinaryAreFramedWithTheShortestLength() throws IOException {
    write(Message.text("Hello"));
    write(Message.binary(new byte[125]));
    write(Message.binary(new byte[126]));
    write(Message.binary(new byte[65535]));
    write(Message.binary(new byte[65536]));
    write(Message.text(""));
    encoder.finish();

    assertThat(readFrame()).isEqualTo("81 85 48656c6c6f");
    assertThat(readFrame()).isEqualTo("82 fd " + "00".repeat(125));
    assertThat(readFrame()).isEqualTo("82 fe007e " + "00".repeat(126));
    assertThat(readFrame()).isEqualTo("82 feffff " + "00".repeat(65535));
    assertThat(readFrame()).isEqualTo("82 ff0000000000010000 " + "00".repeat(65536));
    assertThat(readFrame()).isEqualTo("81 80 ");
    assertThat(wire.exhausted()).isTrue();
  }

  @Test
  void controlFramesAreFramed() throws IOException {
    encoder.control(Opcode.PING, new byte[] {1, 2});
    encoder.control(Opcode.PONG, new byte[0]);
    encoder.control(Opcode.CLOSE, CloseFrame.payload(1000, "ok"));
    encoder.finish();

    assertThat(readFrame()).isEqualTo("89 82 0102");
    assertThat(readFrame()).isEqualTo("8a 80 ");
    assertThat(readFrame()).isEqualTo("88 84 03e86f6b");
  }

  @Test
  void maskIsRightAtEveryAlignmentAndLength() throws IOException {
    Random random = new Random(1);
    for (int before = 0; before < 20; before++) {
      for (int length = 0; length < 40; length++) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        encoder.control(Opcode.PING, new byte[before]);
        write(Message.binary(payload));
        encoder.finish();

        readFrame();
        assertThat(readFrame()).endsWith(" " + ByteString.of(payload).hex());
      }
    }
  }

  @Test
  void maskIsRightWhereverAFrameMeetsTheEndOfAPiece() throws IOException {
    byte[] payload = new byte[40];
    new Random(1).nextBytes(payload);
    for (int room = 0; room < 64; room++) {
      write(Message.binary(new byte[FrameEncoder.PIECE_BYTES - 8 - room]));
      write(Message.binary(payload));
      encoder.finish();

      readFrame();
      assertThat(readFrame()).as("room %d", room).endsWith(" " + ByteString.of(payload).hex());
    }
  }

  @Test
  void largeMessageIsStreamedInPieces() throws IOException {
    byte[] payload = new byte[1_000_003];
    new Random(1).nextBytes(payload);

    write(Message.binary(payload));
    encoder.finish();

    assertThat(pieces).hasSize(123).allMatch(size -> size <= FrameEncoder.PIECE_BYTES);
    assertThat(readFrame()).endsWith(" " + ByteString.of(payload).hex());
  }

  @Test
  void piecesAreFilledAndNoneIsHeldOrHandedOnEmpty() throws IOException {
    encoder.finish();
    for (int i = 0; i < 1000; i++) write(Message.binary(new byte[64]));
    encoder.finish();
    encoder.finish();

    assertThat(pieces.stream().mapToInt(size -> size).sum()).isEqualTo(1000 * 70);
    assertThat(pieces.subList(0, pieces.size() - 1))
        .isNotEmpty()
        .allMatch(size -> size > FrameEncoder.PIECE_BYTES - 14);
  }

  @Test
  void everyFrameHasAnotherKey() throws IOException {
    List<ByteString> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      encoder.control(Opcode.PING, new byte[0]);
      encoder.finish();
      wire.skip(2);
      keys.add(wire.readByteString(4));
    }

    assertThat(keys).doesNotHaveDuplicates();
  }

  private void write(Message message) throws IOException {
    boolean whole =
        messages.write(
            message,
            bytes -> {
              throw new AssertionError("one frame has no gap");
            });
    assertThat(whole).isTrue();
  }

  /** Reads a frame in the plainest way: first byte, length with mask bit, payload without mask. */
  private String readFrame() throws IOException {
    String first = wire.readByteString(1).hex();
    ByteString length = wire.readByteString(1);
    long size = length.getByte(0) & 0x7f;
    if (size >= 126) {
      Buffer extended = new Buffer().write(wire.readByteString(size == 126 ? 2 : 8));
      length = new Buffer().write(length).write(extended.snapshot()).readByteString();
      size = size == 126 ? extended.readShort() & 0xffff : extended.readLong();
    }
    ByteString key = wire.readByteString(4);
    byte[] payload = wire.readByteArray(size);
    for (int i = 0; i < payload.length; i++) payload[i] ^= key.getByte(i % 4);
    return first + " " + length.hex() + " " + ByteString.of(payload).hex();
  }
}
