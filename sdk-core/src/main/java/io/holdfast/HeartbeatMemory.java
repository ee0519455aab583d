package io.holdfast;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what an {@link AdaptiveInterval} has learnt of each network, such as in an app's
 * preferences, so that the next process need not learn it again.
 *
 * <p>What is learnt is the network's, so connections share it, whatever their hosts. An app whose
 * servers, or what stands before them, forget silent connections sooner than the network gives each
 * host a memory of its own with {@link AdaptiveInterval#withMemory}.
 *
 * <p>Called on a thread of the connection's I/O executor, one call at a time for each connection;
 * may block for a moment. What it throws is logged, and costs only the memory.
 */
public interface HeartbeatMemory {

  /**
   * Returns what was saved last for a network, or null.
   *
   * @param label the network's, as the {@link io.holdfast.network.NetworkMonitor} tells it; empty
   *     without one. A heartbeat of the background that is another than the foreground's puts
   *     {@code background:} before it, as it may have other bounds
   */
  @Nullable String load(String label);

  /**
   * Keeps something for a network, in place of what was kept before.
   *
   * @param label as for {@link #load}
   * @param state a line of at most 150 characters, to be given back as it is
   */
  void save(String label, String state);

  /** Returns the memory that all connections of the process share, and that ends with it. */
  static HeartbeatMemory ofProcess() {
    return ProcessMemory.SHARED;
  }
}
