package io.holdfast.testkit;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One direction through a {@link FaultProxy}, for all its connections: the faults, and the counts.
 */
final class Lane {
  /** Stands for no mark and no limit. */
  static final long NONE = -1;

  // Only the loop reads and writes the fields below.
  Flow flow = Flow.PASS;
  @Nullable Latency latency;
  long bytesPerSecond = NONE;
  long cutAfterBytes = NONE;
  long corruptAfterBytes = NONE;

  final AtomicLong passedBytes = new AtomicLong();
  final AtomicLong droppedBytes = new AtomicLong();

  /** No fault is left. */
  void heal() {
    flow = Flow.PASS;
    latency = null;
    bytesPerSecond = NONE;
    cutAfterBytes = NONE;
    corruptAfterBytes = NONE;
  }
}
