package io.holdfast.sample.demo;

import io.holdfast.Fate;
import java.util.concurrent.atomic.AtomicLong;

/** Counts messages by what the SDK says became of them. Safe from any thread. */
final class Tally {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong otherwise = new AtomicLong();

  void countSent() {
    sent.incrementAndGet();
  }

  void countEnded(Fate fate) {
    if (fate.delivered()) delivered.incrementAndGet();
    else if (fate instanceof Fate.Rejected) rejected.incrementAndGet();
    else otherwise.incrementAndGet();
  }

  /** How many messages were given to {@code send}. */
  long sent() {
    return sent.get();
  }

  /** How many {@code send} took; right once every message has its fate. */
  long accepted() {
    return sent.get() - rejected.get();
  }

  /** How many ended well: confirmed, or written where the peer cannot confirm. */
  long delivered() {
    return delivered.get();
  }

  /** How many were accepted and ended otherwise. */
  long otherwise() {
    return otherwise.get();
  }
}
