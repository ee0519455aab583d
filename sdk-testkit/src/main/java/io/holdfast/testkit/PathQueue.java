package io.holdfast.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** What is on its way through a path, in order, and when each piece of it is due. */
final class PathQueue {
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private long bytes;
  private long lastDueNanos = Long.MIN_VALUE;

  private record Piece(ByteBuffer bytes, long dueNanos) {}

  /** Adds bytes that are due at that time, or with those before them if that is later. */
  void add(byte[] added, long dueNanos) {
    lastDueNanos = pieces.isEmpty() ? dueNanos : Math.max(lastDueNanos, dueNanos);
    pieces.add(new Piece(ByteBuffer.wrap(added), lastDueNanos));
    bytes += added.length;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /** When the first piece is due. */
  long dueNanos() {
    return pieces.element().dueNanos();
  }

  boolean isDue(long nowNanos) {
    return !pieces.isEmpty() && pieces.element().dueNanos() - nowNanos <= 0;
  }

  /** The first piece's bytes that are left. */
  ByteBuffer first() {
    return pieces.element().bytes();
  }

  /** {@code count} bytes of the first piece have been read. */
  void taken(int count) {
    bytes -= count;
    if (!first().hasRemaining()) pieces.remove();
  }

  /** Makes all due now. */
  void hurry(long nowNanos) {
    Deque<Piece> hurried = new ArrayDeque<>();
    for (Piece piece : pieces) hurried.add(new Piece(piece.bytes(), nowNanos));
    pieces.clear();
    pieces.addAll(hurried);
    lastDueNanos = nowNanos;
  }

  void clear() {
    pieces.clear();
    bytes = 0;
  }
}
