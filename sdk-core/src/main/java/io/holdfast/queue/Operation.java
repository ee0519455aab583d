package io.holdfast.queue;

import io.holdfast.queue.SendQueue.AppendCallback;
import io.holdfast.queue.SendQueue.HandingCallback;

/** What a queue is asked to do, and what a journal adds. Most are one record on disk. */
// Nobody compares them.
@SuppressWarnings("ArrayRecordComponent")
sealed interface Operation {

  /** Roughly what it adds to a group. */
  default long bytes() {
    return 64;
  }

  record Append(long sequence, StoredMessage message, AppendCallback callback)
      implements Operation {
    @Override
    public long bytes() {
      return 64L + message.message().size();
    }
  }

  /** A message that is kept already, moved out of an old segment: its body lies in {@code from}. */
  record Copy(long sequence, byte[] from, int offset, int length) implements Operation {}

  record SaveState(byte[] state) implements Operation {
    @Override
    public long bytes() {
      return state.length;
    }
  }

  record Release(long sequence) implements Operation {}

  /** Many releases as one record: pairs of first and last. */
  record Released(long[] ranges) implements Operation {}

  record Handing(HandingCallback ready) implements Operation {}

  record Handed(long upTo) implements Operation {}

  record Close(Runnable closed) implements Operation {}
}
