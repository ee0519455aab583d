package io.holdfast.queue;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which segment has each message that is kept. The journal's leader owns it. */
final class LiveMessages {
  private record Place(Segment segment, long bytes) {}

  private final Map<Long, Place> places = new HashMap<>();
  private long bytes;

  /** Puts a message, or its newer copy. */
  void put(long sequence, Segment segment, long recordBytes) {
    forget(sequence);
    places.put(sequence, new Place(segment, recordBytes));
    segment.live++;
    bytes += recordBytes;
  }

  void forget(long sequence) {
    Place place = places.remove(sequence);
    if (place == null) return;
    place.segment.live--;
    bytes -= place.bytes;
  }

  boolean contains(long sequence) {
    return places.containsKey(sequence);
  }

  @Nullable Segment segmentOf(long sequence) {
    Place place = places.get(sequence);
    return place == null ? null : place.segment;
  }

  int count() {
    return places.size();
  }

  long bytes() {
    return bytes;
  }

  void clear() {
    places.clear();
    bytes = 0;
  }
}
