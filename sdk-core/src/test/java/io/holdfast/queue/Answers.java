package io.holdfast.queue;

import java.util.ArrayList;
import java.util.List;

/** What a queue told of its appends, in order. */
final class Answers implements SendQueue.AppendCallback {
  final List<Long> durable = new ArrayList<>();
  final List<SendQueue.Refusal> refusals = new ArrayList<>();
  final List<String> inOrder = new ArrayList<>();

  @Override
  public void durable(long sequence) {
    durable.add(sequence);
    inOrder.add("durable " + sequence);
  }

  @Override
  public void refused(long sequence, SendQueue.Refusal refusal) {
    refusals.add(refusal);
    inOrder.add(refusal.reason() + " " + sequence);
  }

  SendQueue.Refusal lastRefusal() {
    return refusals.get(refusals.size() - 1);
  }
}
