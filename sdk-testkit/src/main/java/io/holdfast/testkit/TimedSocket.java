package io.holdfast.testkit;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import okio.ByteString;

/** A socket on which no wait, not even to write, is longer than its timeout. */
final class TimedSocket implements Closeable {
  private static final int INPUT_BYTES = 16 * 1024;

  private final SocketChannel channel;
  private final Duration timeout;
  private final Selector readable = Selector.open();
  private final Selector writable = Selector.open();

  /** What was received and not yet asked for; belongs to the thread that reads. */
  private final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES).limit(0);

  TimedSocket(SocketChannel channel, Duration timeout) throws IOException {
    this.channel = channel;
    this.timeout = timeout;
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  /** Reads exactly {@code count} bytes; {@code what} names them in the error. */
  byte[] read(int count, String what) throws IOException {
    byte[] bytes = new byte[count];
    long deadlineNanos = deadlineNanos();
    for (int filled = 0; filled < count; ) {
      if (!input.hasRemaining() && !fill(deadlineNanos, what)) {
        throw new EOFException("stream ended while reading " + what);
      }
      int taken = Math.min(count - filled, input.remaining());
      input.get(bytes, filled, taken);
      filled += taken;
    }
    return bytes;
  }

  /** Reads and forgets until the peer's FIN. */
  void readToEnd() throws IOException {
    long deadlineNanos = deadlineNanos();
    do {
      input.position(input.limit());
    } while (fill(deadlineNanos, "the end of the stream"));
  }

  /** Waits for more input; false at the peer's FIN. */
  private boolean fill(long deadlineNanos, String what) throws IOException {
    input.clear().limit(0);
    while (true) {
      input.clear();
      int count = channel.read(input);
      input.flip();
      if (count != 0) return count > 0;
      await(readable, deadlineNanos, "read " + what);
    }
  }

  void write(ByteString bytes) throws IOException {
    ByteBuffer output = bytes.asByteBuffer();
    long deadlineNanos = deadlineNanos();
    while (true) {
      channel.write(output);
      if (!output.hasRemaining()) return;
      await(writable, deadlineNanos, "write " + output.remaining() + " bytes");
    }
  }

  private void await(Selector selector, long deadlineNanos, String what) throws IOException {
    long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (leftMillis <= 0) throw new SocketTimeoutException("could not " + what + " in " + timeout);
    try {
      selector.select(key -> {}, leftMillis);
    } catch (ClosedSelectorException closed) {
      throw new AsynchronousCloseException();
    }
  }

  private long deadlineNanos() {
    return System.nanoTime() + timeout.toNanos();
  }

  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  void reset() throws IOException {
    if (channel.isOpen()) channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    close();
  }

  // A socket leaves the kernel only once no selector holds it.
  @Override
  public void close() throws IOException {
    channel.close();
    readable.close();
    writable.close();
  }
}
