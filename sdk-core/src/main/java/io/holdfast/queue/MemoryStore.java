package io.holdfast.queue;

import io.holdfast.queue.Recovered.Kept;
import io.holdfast.queue.SendQueue.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps messages for as long as the process lives. One thread at a time uses it: the leader. */
final class MemoryStore implements Store {
  private final long maxBytes;
  private final TreeMap<Long, StoredMessage> messages = new TreeMap<>();
  private long bytes;
  private long lastSequence;
  private byte @Nullable [] state;
  private boolean handing;
  private long handedUpTo;

  private volatile SendQueue.Usage usage = new SendQueue.Usage(0, 0);

  MemoryStore(long maxBytes) {
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("maxBytes must be positive but was " + maxBytes);
    }
    this.maxBytes = maxBytes;
  }

  @Override
  public Opened open() {
    List<Kept> kept = new ArrayList<>();
    for (Map.Entry<Long, StoredMessage> entry : messages.entrySet()) {
      long sequence = entry.getKey();
      kept.add(new Kept(sequence, entry.getValue(), handing || sequence <= handedUpTo));
    }
    return new Opened(new Recovered(kept, state, Collections.emptyList()), lastSequence + 1);
  }

  @Override
  public void commit(List<Operation> group) {
    for (Operation operation : group) carryOut(operation);
  }

  private void carryOut(Operation operation) {
    if (operation instanceof Operation.Append append) {
      append(append);
    } else if (operation instanceof Operation.Release release) {
      StoredMessage released = messages.remove(release.sequence());
      if (released != null) bytes -= MessageCodec.size(released);
    } else if (operation instanceof Operation.SaveState save) {
      state = save.state();
    } else if (operation instanceof Operation.Handing going) {
      handing = true;
      Callbacks.ready(going, true);
    } else if (operation instanceof Operation.Handed handed) {
      handing = false;
      handedUpTo = Math.max(handedUpTo, handed.upTo());
    }
    usage = new SendQueue.Usage(messages.size(), bytes);
  }

  private void append(Operation.Append append) {
    lastSequence = append.sequence();
    long size = MessageCodec.size(append.message());
    if (size > maxBytes) {
      Callbacks.refused(append, refusal(Refusal.Reason.TOO_LARGE, "a message", size));
    } else if (bytes + size > maxBytes) {
      Callbacks.refused(append, refusal(Refusal.Reason.QUEUE_FULL, "all messages", bytes + size));
    } else {
      messages.put(append.sequence(), append.message());
      bytes += size;
      usage = new SendQueue.Usage(messages.size(), bytes);
      Callbacks.durable(append);
    }
  }

  private Refusal refusal(Refusal.Reason reason, String what, long needed) {
    String rule = what + " must fit into " + maxBytes + " bytes but would need " + needed;
    return new Refusal(reason, rule, null);
  }

  @Override
  public void close() {
    // What was not released stays, for whoever opens it again.
  }

  @Override
  public SendQueue.Usage usage() {
    return usage;
  }
}
