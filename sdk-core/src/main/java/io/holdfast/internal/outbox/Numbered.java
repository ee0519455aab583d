package io.holdfast.internal.outbox;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a protocol has sent and that have no fate, by their ids. What a lost transport
 * had stays, for its acknowledgement may be late, but its sequences are forgotten.
 */
final class Numbered {
  // In the order of their sequences.
  private final Map<Long, Sent> current = new LinkedHashMap<>();
  private final Map<Long, Entry> earlier = new HashMap<>();

  private record Sent(Entry entry, long sequence) {}

  /** It is sent with {@code sequence}, which is higher than all before it on this transport. */
  void add(Entry entry, long sequence) {
    remove(entry);
    current.put(entry.stableId(), new Sent(entry, sequence));
  }

  /** The transport is lost. */
  void rewind() {
    current.forEach((id, sent) -> earlier.put(id, sent.entry()));
    current.clear();
  }

  void remove(Entry entry) {
    current.remove(entry.stableId());
    earlier.remove(entry.stableId());
  }

  @Nullable Entry get(long id) {
    Sent sent = current.get(id);
    return sent == null ? earlier.get(id) : sent.entry();
  }

  /**
   * Returns the first that this transport was given with {@code sequence} or a lower one; null if
   * there is none.
   */
  @Nullable Entry firstThrough(long sequence) {
    if (current.isEmpty()) return null;
    Sent first = current.values().iterator().next();
    return first.sequence() <= sequence ? first.entry() : null;
  }
}
