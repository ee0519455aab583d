package io.holdfast.sample.android;

import io.holdfast.Fate;
import org.jspecify.annotations.Nullable;

/**
 * How a sent message's fate reads.
 *
 * @param colour a resource
 * @param words a resource
 */
record FateWords(int colour, int words) {

  /** The words for {@code fate}, or for a message that is still under way. */
  static FateWords of(@Nullable Fate fate) {
    if (fate == null) return new FateWords(R.color.pending, R.string.fate_pending);
    // Not lost: it goes out with the next connection.
    if (fate instanceof Fate.Kept) return new FateWords(R.color.pending, words(fate));
    return new FateWords(fate.delivered() ? R.color.good : R.color.bad, words(fate));
  }

  private static int words(Fate fate) {
    if (fate instanceof Fate.Written) return R.string.fate_written;
    if (fate instanceof Fate.Confirmed) return R.string.fate_confirmed;
    if (fate instanceof Fate.Acknowledged) return R.string.fate_acknowledged;
    if (fate instanceof Fate.Refused) return R.string.fate_refused;
    if (fate instanceof Fate.Expired) return R.string.fate_expired;
    if (fate instanceof Fate.Evicted) return R.string.fate_evicted;
    if (fate instanceof Fate.Conflated) return R.string.fate_conflated;
    if (fate instanceof Fate.Cancelled) return R.string.fate_cancelled;
    if (fate instanceof Fate.Kept) return R.string.fate_kept;
    if (fate instanceof Fate.InDoubt) return R.string.fate_in_doubt;
    if (fate instanceof Fate.Rejected rejected) {
      return switch (rejected.reason()) {
        case QUEUE_FULL -> R.string.fate_rejected_full;
        case TOO_LARGE -> R.string.fate_rejected_large;
        case CONNECTION_CLOSED -> R.string.fate_rejected_closed;
        case NOT_ENCODED -> R.string.fate_rejected_encoding;
        case DISK_FULL, DIRECTORY_GONE, DISK_FAILED, QUEUE_NOT_OPEN -> R.string.fate_rejected_disk;
      };
    }
    throw new AssertionError(fate);
  }
}
