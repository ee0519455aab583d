package io.holdfast.internal.outbox;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The pings of one transport that are not answered, and how fast its bytes drain. Every ping is a
 * barrier: its pong covers all messages written before it.
 */
final class Barriers {
  static final int MAX_OUTSTANDING = 8;
  static final long INITIAL_BYTES_PER_SECOND = 16 << 10;
  private static final long MAX_ALLOWANCE_NANOS = 60_000_000_000L;
  private static final long SECOND_NANOS = 1_000_000_000L;
  // Less than this drains too fast to measure.
  private static final long MIN_SAMPLE_BYTES = 16 << 10;

  private final ArrayDeque<Barrier> outstanding = new ArrayDeque<>(MAX_OUTSTANDING);
  private long lastNumber;
  private long takenBytes;
  private long writtenBytes;
  private long confirmedBytes;
  private long busySinceNanos;
  private long bytesPerSecond = INITIAL_BYTES_PER_SECOND;

  /** One ping: which messages and bytes came before it. */
  static final class Barrier {
    final long number;
    final long lastCovered;
    final long takenBytes;
    long sentAtNanos;
    boolean flushed;
    // Messages that no earlier one confirms.
    boolean confirms;

    private Barrier(long number, long lastCovered, long takenBytes, long takenAtNanos) {
      this.number = number;
      this.lastCovered = lastCovered;
      this.takenBytes = takenBytes;
      this.sentAtNanos = takenAtNanos;
    }
  }

  /**
   * Forgets the last transport's pings; numbers go on, the measured rate stays as a first guess.
   */
  void reset() {
    outstanding.clear();
    takenBytes = 0;
    writtenBytes = 0;
    confirmedBytes = 0;
  }

  boolean hasRoom() {
    return outstanding.size() < MAX_OUTSTANDING;
  }

  boolean isEmpty() {
    return outstanding.isEmpty();
  }

  void took(long bytes, long nowNanos) {
    if (takenBytes == confirmedBytes) busySinceNanos = nowNanos;
    takenBytes += bytes;
  }

  /** All that was taken is written. */
  void wrote() {
    writtenBytes = takenBytes;
  }

  /** Adds a ping after all that was taken so far. */
  Barrier add(long lastCovered, long nowNanos) {
    return add(lastCovered, takenBytes, nowNanos);
  }

  /** Adds a ping after {@code bytes} of what was taken and is not written. */
  Barrier addWithinBatch(long lastCovered, long bytes, long nowNanos) {
    return add(lastCovered, Math.min(takenBytes, writtenBytes + bytes), nowNanos);
  }

  private Barrier add(long lastCovered, long bytesBefore, long nowNanos) {
    // A peer that answers no pings must not end ours. This one covers all that the last did; the
    // oldest stays, for a peer that is slow answers it first.
    if (!hasRoom()) outstanding.removeLast();
    Barrier barrier = new Barrier(++lastNumber, lastCovered, bytesBefore, nowNanos);
    outstanding.addLast(barrier);
    return barrier;
  }

  /** Whether a ping is numbered and not flushed: the next one must not overtake it. */
  boolean awaitsFlush() {
    Barrier newest = outstanding.peekLast();
    return newest != null && !newest.flushed;
  }

  /** The newest ping, if it has not been flushed yet: now it is. */
  @Nullable Barrier flushed(long nowNanos) {
    Barrier newest = outstanding.peekLast();
    if (newest == null || newest.flushed) return null;
    newest.flushed = true;
    newest.sentAtNanos = nowNanos;
    return newest;
  }

  /**
   * Drops all pings up to the one with {@code number}, and returns the last of them; null if none
   * is outstanding.
   */
  @Nullable Barrier answered(long number, long nowNanos) {
    if (number > lastNumber) return null;
    Barrier answered = null;
    for (Barrier next = outstanding.peekFirst();
        next != null && next.number <= number;
        next = outstanding.peekFirst()) {
      answered = outstanding.removeFirst();
    }
    if (answered != null) measure(answered, nowNanos);
    return answered;
  }

  private void measure(Barrier answered, long nowNanos) {
    long bytes = answered.takenBytes - confirmedBytes;
    long elapsedNanos = Math.max(1, nowNanos - busySinceNanos);
    if (bytes >= MIN_SAMPLE_BYTES) {
      long sample = (long) ((double) bytes * SECOND_NANOS / elapsedNanos);
      bytesPerSecond = Math.max(1, (3 * bytesPerSecond + sample) / 4);
    }
    confirmedBytes = answered.takenBytes;
    busySinceNanos = nowNanos;
  }

  /**
   * How much later than the heartbeat's timeout the newest ping's pong may come, for what lies
   * before it; with no ping out, for all that was taken.
   */
  long allowanceNanos() {
    Barrier newest = outstanding.peekLast();
    long bytesBefore = newest == null ? takenBytes : newest.takenBytes;
    double nanos = (double) (bytesBefore - confirmedBytes) / bytesPerSecond * SECOND_NANOS;
    return (long) Math.min(MAX_ALLOWANCE_NANOS, nanos);
  }
}
