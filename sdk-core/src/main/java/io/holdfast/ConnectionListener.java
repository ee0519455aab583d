package io.holdfast;

/**
 * Hears what happens to a connection.
 *
 * <p>Calls come one at a time and in order on the connection's callback thread, with no lock held.
 * A listener that blocks delays the fates of deliveries and other listeners, but neither messages
 * nor the connection itself. What a listener throws is logged.
 */
public interface ConnectionListener {

  /**
   * Tells a state: first the current one, when the listener is added, then every change with none
   * left out. {@link ConnectionState.Closed} is the last call of all.
   */
  default void onState(ConnectionState state) {}

  /** Tells something that happened, in order with the states. */
  default void onEvent(ConnectionEvent event) {}
}
