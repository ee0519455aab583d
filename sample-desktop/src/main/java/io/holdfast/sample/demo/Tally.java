package io.holdfast.sample.demo;

import io.holdfast.sample.demo.Report.Ending;
import io.holdfast.testkit.Ledger;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Counts messages by what the SDK says became of them, through the lives of its process. Safe from
 * any thread.
 */
final class Tally {
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below. Numbers of messages.
  private final BitSet accepted = new BitSet();
  private final BitSet delivered = new BitSet();
  private final BitSet otherwise = new BitSet();
  private int last;

  void add(Report report) {
    lock.lock();
    try {
      if (report instanceof Report.Sending sending) {
        last = (int) sending.number();
      } else if (report instanceof Report.Accepted one) {
        accepted.set((int) one.number());
      } else if (report instanceof Report.Ended ended) {
        if (ended.ending() == Ending.DELIVERED) delivered.set((int) ended.number());
        if (ended.ending() == Ending.OTHERWISE) otherwise.set((int) ended.number());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The last number that was given to {@code send}, or was about to be when a kill came. */
  long last() {
    return locked(() -> last);
  }

  /** How many ended well. */
  long delivered() {
    return locked(delivered::cardinality);
  }

  /** How many were accepted and ended otherwise. */
  long otherwise() {
    return locked(otherwise::cardinality);
  }

  /**
   * How many {@code send} took: by the SDK's word, or, where a kill cut that off, because they
   * arrived.
   */
  long accepted(Ledger ledger) {
    return locked(() -> count(ledger, true));
  }

  /** How many that {@code send} took, by the SDK's word, have not arrived. */
  long lost(Ledger ledger) {
    return locked(() -> count(ledger, true) - count(ledger, false));
  }

  private long count(Ledger ledger, boolean withAccepted) {
    long count = 0;
    for (int number = 1; number <= last; number++) {
      if (ledger.times(number) > 0 || (withAccepted && accepted.get(number))) count++;
    }
    return count;
  }

  private long locked(LongSupplier reading) {
    lock.lock();
    try {
      return reading.getAsLong();
    } finally {
      lock.unlock();
    }
  }
}
