package io.holdfast.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One direction of one proxied connection. Everything here runs on the proxy's loop. */
final class Pipe {
  private static final int CAPACITY = 16 * 1024;

  final SocketChannel from;
  final SocketChannel to;
  final Lane lane;

  /** What was read and not yet written, ready to be written. */
  private final ByteBuffer held = ByteBuffer.allocate(CAPACITY).limit(0);

  private boolean endRead;
  private boolean endTold;
  private boolean lossy;

  Pipe(SocketChannel from, SocketChannel to, Lane lane) {
    this.from = from;
    this.to = to;
    this.lane = lane;
  }

  boolean wantsRead() {
    return lane.flow != Flow.STALL && !endRead && !held.hasRemaining();
  }

  boolean wantsWrite() {
    return lane.flow == Flow.PASS && held.hasRemaining();
  }

  /** True once the reader has seen the end, or never will because the end vanished. */
  boolean finished() {
    return endTold;
  }

  /** True if the stream has a gap, so that it must never flow again. */
  boolean lossy() {
    return lossy;
  }

  /** The end of the stream, or a reset, vanishes or is held back. */
  void swallowEnd() {
    lossy = true;
    endRead = true;
    endTold = true;
  }

  void read() throws IOException {
    held.clear();
    try {
      endRead = from.read(held) < 0;
    } finally {
      held.flip();
    }
  }

  /** Does with the held bytes what the lane says. */
  void flow() throws IOException {
    if (lane.flow == Flow.PASS && to.isOpen()) write();
    if (lane.flow == Flow.DROP || !to.isOpen()) drop();
  }

  private void write() throws IOException {
    if (held.hasRemaining()) lane.passedBytes.addAndGet(to.write(held));
    if (endRead && !endTold && !held.hasRemaining()) {
      endTold = true;
      to.shutdownOutput();
    }
  }

  private void drop() {
    if (held.hasRemaining()) {
      lossy = true;
      lane.droppedBytes.addAndGet(held.remaining());
      held.position(held.limit());
    }
    if (endRead && !endTold) swallowEnd();
  }
}
