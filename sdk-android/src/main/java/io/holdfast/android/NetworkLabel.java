package io.holdfast.android;

import android.net.Network;
import android.net.NetworkCapabilities;

/** Names networks: kind, handle, and whether there is no internet, with spaces in between. */
final class NetworkLabel {
  // In the order of Android's constants.
  private static final String[] TRANSPORTS = {
    "cellular", "wifi", "bluetooth", "ethernet", "vpn", "wifi-aware"
  };

  private NetworkLabel() {}

  static String of(Network network, NetworkCapabilities capabilities) {
    String name = kind(capabilities) + " " + network.getNetworkHandle();
    return capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED)
        ? name
        : name + " unvalidated";
  }

  private static String kind(NetworkCapabilities capabilities) {
    StringBuilder kind = new StringBuilder();
    for (int transport = 0; transport < TRANSPORTS.length; transport++) {
      if (!capabilities.hasTransport(transport)) continue;
      if (kind.length() > 0) kind.append('+');
      kind.append(TRANSPORTS[transport]);
    }
    return kind.length() > 0 ? kind.toString() : "other";
  }

  /** The part of a label that is the same in the next process. */
  static String kind(String label) {
    int end = label.indexOf(' ');
    return end < 0 ? label : label.substring(0, end);
  }
}
