package io.holdfast.internal.machine;

/**
 * The message that a heartbeat has sent in place of a ping. Any byte after it is an answer, of
 * which nobody tells.
 */
final class Question {
  private boolean asked;
  private long askedAtNanos;
  private long byteBeforeNanos;

  /** Whether no byte has come since it was sent. */
  boolean isOut(Snapshot snapshot) {
    return asked && snapshot.lastByteAtNanos() == byteBeforeNanos;
  }

  /** One has been sent. Its time is that of an older one which is out. */
  void sent(Snapshot snapshot) {
    if (!isOut(snapshot)) askedAtNanos = snapshot.nowNanos();
    asked = true;
    byteBeforeNanos = snapshot.lastByteAtNanos();
  }

  /** The reader goes on, and its time begins anew if it is out. */
  void resumed(Snapshot snapshot) {
    if (isOut(snapshot)) askedAtNanos = snapshot.nowNanos();
  }

  void forget() {
    asked = false;
  }

  /** Returns when the one that is out was sent. */
  long askedAtNanos() {
    return askedAtNanos;
  }

  /** Returns how much of its time is left to the one that is out. */
  long leftNanos(long timeoutNanos, Snapshot snapshot) {
    return askedAtNanos + timeoutNanos - snapshot.nowNanos();
  }
}
