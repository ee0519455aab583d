package io.holdfast.testkit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction through a {@link FaultProxy}, for all its connections: the flow, and the counts.
 */
final class Lane {
  /** Only the loop writes it. */
  volatile Flow flow = Flow.PASS;

  final AtomicLong passedBytes = new AtomicLong();
  final AtomicLong droppedBytes = new AtomicLong();
}
