package io.holdfast;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers for as long as the process lives. */
final class ProcessMemory implements HeartbeatMemory {
  static final ProcessMemory SHARED = new ProcessMemory();

  // Networks are few, and their states short.
  private final Map<String, String> states = new ConcurrentHashMap<>();

  @Override
  public @Nullable String load(String label) {
    return states.get(label);
  }

  @Override
  public void save(String label, String state) {
    states.put(label, state);
  }
}
