package io.holdfast.simulation;

import io.holdfast.Overflow;
import io.holdfast.QueueSnapshot;

/** The outbox keeps its bounds at every moment, and its numbers agree. */
final class MemoryJudge extends Judge {
  private static final String BOUND = "outbox bound";

  MemoryJudge(World world) {
    super(world);
  }

  @Override
  void stepped(Life life) {
    QueueSnapshot queue = life.connection.queue();
    Setup setup = world.scenario.setup();
    int messages = queue.queued() + queue.inFlight();
    // What is not durable yet may not evict, and what an earlier life left has a place already.
    int times = setup.storing() && setup.overflow() == Overflow.EVICT_OLDEST ? 2 : 1;
    boolean within =
        messages <= times * setup.maxQueuedMessages() + life.recovered
            && queue.bytes() <= times * setup.maxQueuedBytes() + life.recoveredBytes;
    if (!within) object(BOUND, queue);
    if (queue.queued() < 0 || queue.inFlight() < 0 || queue.bytes() < 0) object(BOUND, queue);
    if (life.connection.bufferedAmount() > queue.bytes()) object(BOUND, queue);
  }
}
