package io.holdfast.websocket;

import io.holdfast.testkit.RawFrame;
import java.util.zip.Deflater;
import okio.Buffer;
import okio.ByteString;

/** Compresses as a server does, with zlib. */
final class DeflatePeer implements AutoCloseable {
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final boolean takeover;

  DeflatePeer(boolean takeover) {
    this.takeover = takeover;
  }

  /** Returns the payload of a compressed message. */
  ByteString compress(ByteString content) {
    // Section 7.2.3.6.
    if (content.size() == 0) return ByteString.decodeHex("00");
    deflater.setInput(content.toByteArray());
    Buffer deflated = new Buffer();
    byte[] out = new byte[8192];
    int count;
    do {
      count = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      deflated.write(out, 0, count);
    } while (count == out.length);
    if (!takeover) deflater.reset();
    return deflated.snapshot((int) deflated.size() - 4);
  }

  /** Returns {@code content} as a message of one frame. */
  RawFrame frame(int opcode, ByteString content) {
    return RawFrame.of(opcode, true, compress(content)).withReserved(4);
  }

  @Override
  public void close() {
    deflater.end();
  }
}
