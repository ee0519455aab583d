package io.holdfast.internal.telemetry;

import io.holdfast.ConnectionMetrics.Deliveries;
import io.holdfast.Fate;

/**
 * How many deliveries ended with each fate. One is counted for each message, so it allocates
 * nothing and needs no lock of its own: its owner holds one around each call.
 */
public final class FateCounts {
  /** No delivery has ended. */
  public static final Deliveries NONE = new FateCounts().snapshot();

  private long written;
  private long confirmed;
  private long acknowledged;
  private long refused;
  private long expired;
  private long evicted;
  private long conflated;
  private long cancelled;
  private long kept;
  private long rejected;
  private long inDoubt;

  /** Counts one. */
  public void count(Fate fate) {
    // The frequent ones first.
    if (fate instanceof Fate.Confirmed) confirmed++;
    else if (fate instanceof Fate.Written) written++;
    else if (fate instanceof Fate.Acknowledged) acknowledged++;
    else if (fate instanceof Fate.Conflated) conflated++;
    else if (fate instanceof Fate.Rejected) rejected++;
    else if (fate instanceof Fate.Evicted) evicted++;
    else if (fate instanceof Fate.Expired) expired++;
    else if (fate instanceof Fate.Refused) refused++;
    else if (fate instanceof Fate.Cancelled) cancelled++;
    else if (fate instanceof Fate.Kept) kept++;
    else if (fate instanceof Fate.InDoubt) inDoubt++;
    else throw new AssertionError(fate);
  }

  /** Returns the counts now. */
  public Deliveries snapshot() {
    return new Deliveries(
        written,
        confirmed,
        acknowledged,
        refused,
        expired,
        evicted,
        conflated,
        cancelled,
        kept,
        rejected,
        inDoubt);
  }
}
