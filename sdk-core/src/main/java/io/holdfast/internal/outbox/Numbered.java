package io.holdfast.internal.outbox;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a protocol has sent and that have no fate, by their ids, in the order of their
 * sequences. What a lost transport had stays, for its acknowledgement may be late.
 */
final class Numbered {
  private final Map<Long, Sent> byId = new LinkedHashMap<>();

  private record Sent(Entry entry, long sequence) {}

  /** It is sent with {@code sequence}, which is higher than all before. */
  void add(Entry entry, long sequence) {
    byId.remove(entry.stableId());
    byId.put(entry.stableId(), new Sent(entry, sequence));
  }

  void remove(Entry entry) {
    byId.remove(entry.stableId());
  }

  @Nullable Entry get(long id) {
    Sent sent = byId.get(id);
    return sent == null ? null : sent.entry();
  }

  /**
   * Returns the first that was sent with {@code sequence} or a lower one; null if there is none.
   */
  @Nullable Entry firstThrough(long sequence) {
    Iterator<Sent> all = byId.values().iterator();
    if (!all.hasNext()) return null;
    Sent first = all.next();
    return first.sequence() <= sequence ? first.entry() : null;
  }
}
