package io.holdfast.websocket;

import io.holdfast.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Writes compressed messages (RFC 7692 section 7.2.1), in fragments that are full before the next
 * is deflated: neither a message nor what becomes of it is held whole.
 */
final class MessageDeflater {
  private static final int RSV1 = 0x40;
  // Each message ends with 00 00 ff ff, which is left out.
  private static final int TAIL_BYTES = 4;
  private static final int FIRST_OUT_BYTES = 2048;
  private static final int IN_BYTES = 4096;
  // What compresses well may be long and yet fill no fragment: control frames do not wait for it.
  static final int UNBROKEN_BYTES = 64 * 1024;
  private static final byte[] NOTHING = {};

  private final AgreedDeflate agreed;
  private final int minBytes;
  private final int fragmentBytes;
  private final IdleRelease idle;

  // The writing thread's while it uses it, else that of the idle release.
  private @Nullable Deflater deflater;
  private byte[] in = NOTHING;
  private byte[] out = NOTHING;
  private int filled;

  MessageDeflater(AgreedDeflate agreed, TransportOptions options, Clock clock) {
    this.agreed = agreed;
    minBytes = options.compression().minBytes();
    fragmentBytes = options.fragmentBytes();
    idle = new IdleRelease(clock, this::release);
  }

  /** Whether a message of {@code size} bytes is to be compressed. */
  boolean wants(int size) {
    return size >= minBytes && size > 0 && (fullWindow() || size <= 1 << agreed.clientWindowBits());
  }

  private boolean fullWindow() {
    return agreed.clientWindowBits() == 15;
  }

  /** What native memory it holds; null if none. For tests. */
  @Nullable Deflater held() {
    return deflater;
  }

  /** Returns false if the gap gave the message up. */
  boolean write(FrameEncoder frames, int opcode, ByteBuffer payload, MessageEncoder.Gap gap)
      throws IOException {
    idle.use();
    try {
      return writeFragments(frames, RSV1 | opcode, payload, gap);
    } finally {
      idle.leave();
    }
  }

  private boolean writeFragments(
      FrameEncoder frames, int firstByte, ByteBuffer payload, MessageEncoder.Gap gap)
      throws IOException {
    Deflater begun = begin();
    int first = firstByte;
    while (!fill(begun, payload)) {
      if (filled == out.length && filled < fragmentBytes) {
        growOut(filled);
        continue;
      }
      if (filled == out.length) {
        writeFragment(frames, first);
        first = Opcode.CONTINUATION;
      }
      if (!gap.pass(payload.position())) return false;
    }
    frames.frame(FrameEncoder.LAST | first, out, 0, filled - TAIL_BYTES);
    return true;
  }

  private void writeFragment(FrameEncoder frames, int first) throws IOException {
    // The last bytes may be those that are left out.
    int count = filled - TAIL_BYTES;
    frames.frame(first, out, 0, count);
    System.arraycopy(out, count, out, 0, TAIL_BYTES);
    filled = TAIL_BYTES;
  }

  private Deflater begin() {
    Deflater begun = deflater;
    if (begun == null) {
      deflater = begun = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      in = new byte[IN_BYTES];
      growOut(0);
    } else if (!agreed.clientTakeover() || !fullWindow()) {
      begun.reset();
    }
    filled = 0;
    return begun;
  }

  private void growOut(int from) {
    long wanted = Math.max(FIRST_OUT_BYTES, 2L * from);
    out = Arrays.copyOf(out, (int) Math.min(fragmentBytes, wanted));
  }

  /**
   * Deflates until there is no room, or others have waited for long enough; returns true if the
   * message's end came first.
   */
  private boolean fill(Deflater begun, ByteBuffer payload) {
    int begunAt = payload.position();
    while (filled < out.length) {
      if (begun.needsInput() && payload.hasRemaining()) {
        if (payload.position() - begunAt >= UNBROKEN_BYTES) return false;
        feed(begun, payload);
      }
      int flush = payload.hasRemaining() ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
      int room = out.length - filled;
      int count = begun.deflate(out, filled, room, flush);
      filled += count;
      if (flush == Deflater.SYNC_FLUSH && count < room) return true;
    }
    return false;
  }

  private void feed(Deflater begun, ByteBuffer payload) {
    int count = Math.min(in.length, payload.remaining());
    payload.get(in, 0, count);
    begun.setInput(in, 0, count);
  }

  void close() {
    idle.close();
  }

  private void release() {
    if (deflater != null) deflater.end();
    deflater = null;
    in = NOTHING;
    out = NOTHING;
  }
}
