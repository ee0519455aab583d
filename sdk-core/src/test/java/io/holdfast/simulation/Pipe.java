package io.holdfast.simulation;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a TCP connection: a stream of bytes with a send buffer, a receive buffer and
 * segments that may be lost and are then sent again, so that the receiver sees every byte once and
 * in order, and whole frames only as their last byte comes.
 *
 * <pre>
 *   read       arrived       departed         written          queued
 *    |  receive   |   on the way  |   send       |  the writer    |
 *    |  buffer    |               |   buffer     |  waits         |
 * </pre>
 */
final class Pipe {
  private static final long FIRST_RETRY_NANOS = 200_000_000;
  private static final long LONGEST_RETRY_NANOS = 3_000_000_000L;

  private final World world;
  private final Flow flow;
  private final boolean up;
  private final long sendBuffer;
  private final long receiveBuffer;
  private final Runnable onSpace;
  private final Runnable onReadable;
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private long queued;
  private long written;
  private long departed;
  private long arrived;
  private long acknowledged;
  private long read;
  private long arrivesLastNanos;
  // Nothing beyond this byte arrives any more.
  private long cutAt = Long.MAX_VALUE;
  private long retryNanos = FIRST_RETRY_NANOS;
  private boolean stuck;

  Pipe(World world, Flow flow, boolean up, long buffer, Runnable onSpace, Runnable onReadable) {
    this.world = world;
    this.flow = flow;
    this.up = up;
    this.sendBuffer = buffer;
    this.receiveBuffer = buffer;
    this.onSpace = onSpace;
    this.onReadable = onReadable;
  }

  // ---- For the sender

  void send(Frame frame) {
    if (isCut()) return;
    queued += frame.size;
    frame.endsAt = queued;
    frames.add(frame);
    fill();
  }

  /** Moves what waits into the send buffer; returns whether a byte moved. */
  boolean fill() {
    if (isCut()) return false;
    long writtenBefore = written;
    written = Math.min(queued, Math.max(written, acknowledged + sendBuffer));
    if (written > writtenBefore) depart();
    return written > writtenBefore;
  }

  /** Whether the send buffer has all. */
  boolean isWritten() {
    return written == queued;
  }

  /** Loses what has not arrived; or, if {@code spareSegments}, what has not departed. */
  void cut(boolean spareSegments) {
    if (isCut()) return;
    cutAt = spareSegments ? departed : arrived;
  }

  boolean isCut() {
    return cutAt != Long.MAX_VALUE;
  }

  /** Whether all that was sent has been read, or never will be. */
  boolean isIdle() {
    return isCut() || read == queued;
  }

  // ---- On the way

  private void depart() {
    while (!stuck && !isCut()) {
      long bytes = Math.min(written - departed, receiveBuffer - (departed - read));
      if (bytes <= 0) return;
      bytes = Math.min(bytes, world.network.segmentBytes());
      if (world.network.loses(flow, up)) {
        stuck = true;
        retryNanos = Math.min(LONGEST_RETRY_NANOS, 2 * retryNanos);
        world.network.whenBetter(retryNanos, this::departAgain);
        return;
      }
      retryNanos = FIRST_RETRY_NANOS;
      departed += bytes;
      long onTheWayNanos = world.network.latencyNanos() + world.network.nanosFor(bytes);
      arrivesLastNanos =
          Math.max(
              arrivesLastNanos + world.network.nanosFor(bytes),
              world.agenda.nowNanos() + onTheWayNanos);
      long upTo = departed;
      world.agenda.at(arrivesLastNanos, () -> arrive(upTo));
    }
  }

  private void departAgain() {
    stuck = false;
    depart();
  }

  private void arrive(long upTo) {
    long reached = Math.min(upTo, cutAt);
    if (reached <= arrived) return;
    arrived = reached;
    onReadable.run();
    acknowledge(reached);
  }

  private void acknowledge(long upTo) {
    if (isCut()) return;
    if (world.network.loses(flow, !up)) {
      world.network.whenBetter(LONGEST_RETRY_NANOS, () -> acknowledge(upTo));
      return;
    }
    world.agenda.after(world.network.latencyNanos(), () -> acknowledged(upTo));
  }

  private void acknowledged(long upTo) {
    if (upTo <= acknowledged || isCut()) return;
    acknowledged = upTo;
    onSpace.run();
  }

  // ---- For the receiver

  /** Returns whether anything has arrived that was not read. */
  boolean isReadable() {
    return arrived > read;
  }

  /** Returns whether a part of a message was read, and not all of it. */
  boolean isAmidMessage() {
    Frame next = frames.peek();
    return next != null && next.kind == Frame.Kind.MESSAGE && read > next.endsAt - next.size;
  }

  /** Reads up to the end of the next frame; returns it if it is whole, and otherwise null. */
  @Nullable Frame read() {
    Frame next = frames.peek();
    if (next == null) return null;
    boolean windowClosed = departed - read >= receiveBuffer;
    read = Math.min(arrived, next.endsAt);
    if (windowClosed && departed - read < receiveBuffer) {
      world.agenda.after(world.network.latencyNanos(), this::depart);
    }
    if (arrived < next.endsAt) return null;
    return frames.poll();
  }
}
