package io.holdfast.network;

import io.holdfast.Registration;
import java.time.Duration;

/** Tells a connection about the device's network. */
public interface NetworkMonitor {

  /** For where nothing is known of the network: always there, never changed. The default. */
  NetworkMonitor NONE = listener -> () -> {};

  /**
   * Tells {@code listener} the network's status now, if it is known, and each change from now on,
   * from any thread. Called once when a connection is opened; the registration is closed with it.
   */
  Registration listen(Listener listener);

  /** Hears of the network. Safe from any thread; returns at once. */
  @FunctionalInterface
  interface Listener {
    /** Tells the network's status. */
    void onStatus(NetworkStatus status);

    /**
     * Tells that the device has just woken, so that old transports may be dead. Need not be told: a
     * connection notices by its own timers as well, if perhaps later. Does nothing by default.
     *
     * @param slept for about how long
     */
    default void onWoke(Duration slept) {}
  }
}
