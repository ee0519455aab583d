package io.holdfast.sample.android;

import android.net.ConnectivityManager;
import android.net.ConnectivityManager.NetworkCallback;
import android.net.Network;
import io.holdfast.Registration;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import java.util.concurrent.atomic.AtomicBoolean;

/** Follows the network that Android lets apps use by default, such as Wi-Fi while there is any. */
final class DefaultNetworkMonitor implements NetworkMonitor {
  private static final NetworkStatus NO_NETWORK = new NetworkStatus(false, "");

  private final ConnectivityManager connectivity;

  DefaultNetworkMonitor(ConnectivityManager connectivity) {
    this.connectivity = connectivity;
  }

  @Override
  public Registration listen(Listener listener) {
    // Android calls back at once if there is a network, and not at all if there is none.
    if (connectivity.getActiveNetwork() == null) listener.onStatus(NO_NETWORK);
    NetworkCallback callback = callback(listener);
    connectivity.registerDefaultNetworkCallback(callback);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (!closed.getAndSet(true)) connectivity.unregisterNetworkCallback(callback);
    };
  }

  private static NetworkCallback callback(Listener listener) {
    return new NetworkCallback() {
      // Called for the first network, and when another one becomes the default.
      @Override
      public void onAvailable(Network network) {
        listener.onStatus(new NetworkStatus(true, network.toString()));
      }

      // Called only if no other network takes its place.
      @Override
      public void onLost(Network network) {
        listener.onStatus(NO_NETWORK);
      }
    };
  }
}
