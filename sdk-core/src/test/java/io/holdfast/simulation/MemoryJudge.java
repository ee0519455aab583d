package io.holdfast.simulation;

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
    boolean within =
        messages <= setup.maxQueuedMessages() && queue.bytes() <= setup.maxQueuedBytes();
    if (!within) object(BOUND, queue);
    if (queue.queued() < 0 || queue.inFlight() < 0 || queue.bytes() < 0) object(BOUND, queue);
    if (life.connection.bufferedAmount() > queue.bytes()) object(BOUND, queue);
  }
}
