package io.holdfast.android;

import android.net.ConnectivityManager.NetworkCallback;
import android.net.Network;
import android.net.NetworkCapabilities;
import io.holdfast.network.NetworkMonitor;
import io.holdfast.network.NetworkStatus;
import org.jspecify.annotations.Nullable;

/** Makes statuses of what Android tells of the default network. */
final class DefaultNetworkCallback extends NetworkCallback {
  private static final NetworkStatus NO_NETWORK = new NetworkStatus(false, "");

  private final NetworkMonitor.Listener listener;

  // One thread at a time: the one that registers, then Android's.
  private @Nullable NetworkStatus found;
  private boolean blocked;
  private @Nullable NetworkStatus told;

  DefaultNetworkCallback(NetworkMonitor.Listener listener) {
    this.listener = listener;
  }

  void tellNoNetwork() {
    tell(NO_NETWORK);
  }

  // onAvailable says less than this one, which follows it at once from API 26 on.
  @Override
  public void onCapabilitiesChanged(Network network, NetworkCapabilities capabilities) {
    boolean metered = !capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED);
    found = new NetworkStatus(true, NetworkLabel.of(network, capabilities), metered);
    tell();
  }

  // Overrides a method that is there from API 29 on, which the annotation would not allow here.
  public void onBlockedStatusChanged(Network network, boolean blocked) {
    this.blocked = blocked;
    tell();
  }

  // Called only if no other network takes its place.
  @Override
  public void onLost(Network network) {
    found = null;
    tell();
  }

  private void tell() {
    tell(found == null || blocked ? NO_NETWORK : found);
  }

  private void tell(NetworkStatus status) {
    if (status.equals(told)) return;
    told = status;
    listener.onStatus(status);
  }
}
