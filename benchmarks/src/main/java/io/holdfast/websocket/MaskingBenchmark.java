package io.holdfast.websocket;

import io.holdfast.Message;
import java.io.IOException;
import okhttp3.internal.ws.WebSocketProtocol;
import okio.Buffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Masks {@link #BYTES} an operation. Beside the encoder, which its room keeps to itself. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
public class MaskingBenchmark {
  /** How many bytes each operation masks. */
  public static final int BYTES = 64 * 1024;

  private final Message message = Message.wrap(new byte[BYTES]);
  private long written;
  private final FrameEncoder encoder = new FrameEncoder(new MaskKeys(), this::take);

  private final Buffer okHttpBuffer = new Buffer().write(new byte[BYTES]);
  private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
  private final byte[] key = {1, 2, 3, 4};

  private void take(Buffer piece) throws IOException {
    written += piece.size();
    piece.clear();
  }

  /** Ours: frames and masks, out of the message and into pieces. */
  @Benchmark
  public long holdfast() throws IOException {
    encoder.frame(FrameEncoder.LAST | Opcode.BINARY, message, 0, BYTES);
    encoder.finish();
    return written;
  }

  /** OkHttp's: masks in place. */
  @Benchmark
  public long okHttp() {
    okHttpBuffer.readAndWriteUnsafe(cursor);
    try {
      cursor.seek(0);
      WebSocketProtocol.INSTANCE.toggleMask(cursor, key);
      return cursor.offset;
    } finally {
      cursor.close();
    }
  }
}
