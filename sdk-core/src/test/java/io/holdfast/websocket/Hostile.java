package io.holdfast.websocket;

import io.holdfast.testkit.RawFrame;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;

/** Bytes that a hostile server might send, from a seed: mostly legal frames, then something. */
final class Hostile {
  private static final int[] OPCODES = {0, 0, 1, 1, 2, 2, 8, 9, 10};
  private static final String[] TEXTS = {"a", "é", "€", "𝄞", "plain, and long enough to skip "};
  // Deflate's blocks: stored, fixed, a final one, an empty one, a reserved type, a bomb's
  // beginning.
  private static final String[] BLOCKS = {
    "000100feff61",
    "f248cdc9c90700",
    "f348cdc9c90700",
    "0300",
    "000000ffff",
    "07",
    "f200110000",
    "ecc10101000000",
    "4b4c04",
    "00"
  };

  private final Random random;
  private final boolean deflated;
  private boolean underWay;

  private Hostile(long seed, boolean deflated) {
    random = new Random(seed);
    this.deflated = deflated;
  }

  static byte[] bytes(long seed, boolean deflated) {
    Hostile hostile = new Hostile(seed, deflated);
    byte[] bytes = hostile.random.nextInt(8) == 0 ? hostile.noise() : hostile.frames();
    return hostile.mutated(bytes);
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(80)];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] frames() {
    Buffer bytes = new Buffer();
    try (DeflatePeer peer = new DeflatePeer(random.nextBoolean())) {
      for (int left = 1 + random.nextInt(12); left > 0; left--) {
        bytes.write(frame(peer, left).encode());
      }
    }
    return bytes.readByteArray();
  }

  private RawFrame frame(DeflatePeer peer, int left) {
    int opcode = OPCODES[random.nextInt(OPCODES.length)];
    if (opcode == RawFrame.CLOSE && left > 2) opcode = RawFrame.PING;
    if (opcode >= RawFrame.CLOSE) return RawFrame.of(opcode, true, control(opcode));
    boolean first = !underWay;
    if (underWay) opcode = RawFrame.CONTINUATION;
    else if (opcode == RawFrame.CONTINUATION) opcode = RawFrame.TEXT;
    underWay = random.nextInt(3) == 0;
    boolean compressed = deflated && first && random.nextInt(3) > 0;
    ByteString content = content();
    if (compressed) content = random.nextInt(3) == 0 ? blocks() : peer.compress(content);
    return RawFrame.of(opcode, !underWay, content).withReserved(compressed ? 4 : 0);
  }

  private ByteString control(int opcode) {
    return opcode == RawFrame.CLOSE
        ? new Buffer().writeShort(1000 + random.nextInt(20)).write(text(2)).readByteString()
        : text(3);
  }

  private ByteString content() {
    if (random.nextInt(10) == 0) return ByteString.of(new byte[random.nextInt(4000)]);
    if (random.nextInt(10) == 0) return letters();
    return random.nextInt(4) == 0 ? ByteString.of(noise()) : text(6);
  }

  /** Deflate gives these a table of codes of their own. */
  private ByteString letters() {
    byte[] letters = new byte[300 + random.nextInt(1000)];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (byte) ('a' + Math.abs(random.nextGaussian() * 12) % 90);
    }
    return ByteString.of(letters);
  }

  private ByteString text(int most) {
    return ByteString.encodeUtf8(TEXTS[random.nextInt(TEXTS.length)].repeat(random.nextInt(most)));
  }

  private ByteString blocks() {
    Buffer blocks = new Buffer();
    for (int i = random.nextInt(6); i > 0; i--) {
      blocks.write(ByteString.decodeHex(BLOCKS[random.nextInt(BLOCKS.length)]));
    }
    return blocks.readByteString();
  }

  /** Bits flipped, bytes lost, doubled or replaced; often nothing at all. */
  private byte[] mutated(byte[] bytes) {
    byte[] mutated = bytes;
    for (int i = random.nextInt(3); i > 0 && mutated.length > 0; i--) {
      int at = random.nextInt(mutated.length);
      int end = Math.min(mutated.length, at + 1 + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutated[at] = (byte) random.nextInt();
        case 2 -> mutated = spliced(mutated, at, end);
        default -> mutated = spliced(mutated, end, at);
      }
    }
    return mutated;
  }

  /** What comes before {@code end}, then what comes from {@code start} on. */
  private static byte[] spliced(byte[] bytes, int end, int start) {
    return new Buffer()
        .write(bytes, 0, end)
        .write(bytes, start, bytes.length - start)
        .readByteArray();
  }
}
