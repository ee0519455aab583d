package io.holdfast.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One direction of one proxied connection. Everything here runs on the proxy's loop. */
final class Pipe {
  private static final int CAPACITY = 16 * 1024;

  /** A path with a delay holds what is on its way; a sender that fills it has to wait. */
  private static final int DELAYED_CAPACITY = 1024 * 1024;

  final SocketChannel from;
  final SocketChannel to;
  final Lane lane;
  private final Marks marks;
  private final ByteBuffer input = ByteBuffer.allocate(CAPACITY);
  private final PathQueue held = new PathQueue();
  private @Nullable Throttle throttle;
  private boolean blocked;
  private boolean halfClosed;
  private boolean endRead;
  private boolean endTold;
  private boolean lossy;
  private long endDueNanos;

  Pipe(SocketChannel from, SocketChannel to, Lane lane, Runnable onCorrupted) {
    this.from = from;
    this.to = to;
    this.lane = lane;
    this.marks = new Marks(lane, onCorrupted);
  }

  boolean wantsRead() {
    if (lane.flow == Flow.STALL || endRead) return false;
    if (halfClosed) return true;
    return lane.latency == null ? held.isEmpty() : held.bytes() < DELAYED_CAPACITY;
  }

  /** True if the receiver's socket was full. */
  boolean wantsWrite() {
    return lane.flow == Flow.PASS && blocked;
  }

  /** True once the reader has seen the end, or never will because the end vanished. */
  boolean finished() {
    return endTold;
  }

  /** True if the stream has a gap, so that it must never flow again. */
  boolean lossy() {
    return lossy;
  }

  /** True once all bytes before the mark to cut at have passed. */
  boolean cutDue() {
    return marks.cutDue();
  }

  /** The end of the stream, or a reset, vanishes or is held back. */
  void swallowEnd() {
    lossy = true;
    endRead = true;
    endTold = true;
  }

  /** Ends the stream after what is held; what its sender says later is read and forgotten. */
  void halfClose(long nowNanos) {
    if (endRead || halfClosed) return;
    halfClosed = true;
    endDueNanos = nowNanos;
  }

  /** The lane's faults have changed. */
  void laneChanged(long nowNanos) {
    throttle = null;
    if (lane.latency == null) {
      held.hurry(nowNanos);
      endDueNanos = nowNanos;
    }
  }

  /** Takes the marks that the lane has now. */
  void mark() {
    markCut();
    markCorrupt();
  }

  void markCut() {
    marks.setCut();
  }

  void markCorrupt() {
    marks.setCorrupt();
  }

  void read(long nowNanos) throws IOException {
    long dueNanos = lane.latency == null ? nowNanos : nowNanos + lane.latency.nextNanos();
    input.clear();
    int count = from.read(input);
    if (count < 0) ended(dueNanos);
    else if (halfClosed) lane.droppedBytes.addAndGet(count);
    else if (count > 0) held.add(Arrays.copyOf(input.array(), count), dueNanos);
  }

  private void ended(long dueNanos) {
    endRead = true;
    if (!halfClosed) endDueNanos = dueNanos;
  }

  /** True if the reader is still to be told that the stream ends after what is held. */
  private boolean endPending() {
    return (endRead || halfClosed) && !endTold;
  }

  /** Does with the held bytes what the lane says. */
  void flow(long nowNanos) throws IOException {
    if (lane.flow == Flow.PASS && to.isOpen()) write(nowNanos);
    if (lane.flow == Flow.DROP || !to.isOpen()) drop();
  }

  /** When to call {@link #flow} again though nothing else happens; empty if there is no need. */
  OptionalLong nextFlowNanos(long nowNanos) {
    if (lane.flow != Flow.PASS || blocked || !to.isOpen()) return OptionalLong.empty();
    if (held.isEmpty()) return endPending() ? OptionalLong.of(endDueNanos) : OptionalLong.empty();
    // What fell due since it last flowed has its time in the past, and flows at once.
    Throttle slow = held.isDue(nowNanos) ? throttle : null;
    return OptionalLong.of(slow == null ? held.dueNanos() : slow.nextNanos());
  }

  private void write(long nowNanos) throws IOException {
    blocked = false;
    while (held.isDue(nowNanos) && !blocked) {
      int wanted = wantedBytes(nowNanos);
      if (wanted == 0) return;
      blocked = write(held.first(), wanted) < wanted;
    }
    if (endPending() && held.isEmpty() && endDueNanos - nowNanos <= 0) {
      endTold = true;
      to.shutdownOutput();
    }
  }

  private int wantedBytes(long nowNanos) {
    int wanted = marks.beforeCut(held.first().remaining());
    if (lane.bytesPerSecond == Lane.NONE) return wanted;
    if (throttle == null) throttle = new Throttle(lane.bytesPerSecond, nowNanos);
    return Math.min(wanted, throttle.allowedBytes(nowNanos));
  }

  private int write(ByteBuffer piece, int wanted) throws IOException {
    marks.corrupt(piece, wanted);
    int limit = piece.limit();
    piece.limit(piece.position() + wanted);
    int written;
    try {
      written = to.write(piece);
    } finally {
      piece.limit(limit);
    }
    lane.passedBytes.addAndGet(written);
    if (throttle != null) throttle.used(written);
    marks.passed(written);
    held.taken(written);
    return written;
  }

  private void drop() {
    if (!held.isEmpty()) {
      lossy = true;
      lane.droppedBytes.addAndGet(held.bytes());
      held.clear();
      blocked = false;
    }
    if (endPending()) swallowEnd();
  }
}
