package io.holdfast;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what an {@link AdaptiveInterval} has learnt of each network, such as in an app's
 * preferences, so that the next process need not learn it again.
 *
 * <p>Called on a thread of the connection's I/O executor, one call at a time for each connection;
 * may block for a moment. What it throws is logged, and costs only the memory.
 */
public interface HeartbeatMemory {

  /**
   * Returns what was saved last for a network, or null.
   *
   * @param label the network's, as the {@link io.holdfast.network.NetworkMonitor} tells it; empty
   *     without one
   */
  @Nullable String load(String label);

  /**
   * Keeps something for a network, in place of what was kept before.
   *
   * @param state a line of at most 150 characters, to be given back as it is
   */
  void save(String label, String state);

  /** Returns the memory that all connections of the process share, and that ends with it. */
  static HeartbeatMemory ofProcess() {
    return ProcessMemory.SHARED;
  }
}
