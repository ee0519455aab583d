package io.holdfast.network;

import static java.util.Objects.requireNonNull;

/**
 * What is known of the network.
 *
 * @param available whether there is one at all. Without one the transport is given up, and no
 *     attempt is made until there is one again
 * @param label tells networks apart, such as {@code wifi-7}. A new label means that old transports
 *     may be dead: one that is open is probed, and a wait before an attempt ends. Empty if there is
 *     none
 * @param metered whether its traffic costs money, as on a mobile network. A hint: the connection
 *     keeps its promises on either kind
 */
public record NetworkStatus(boolean available, String label, boolean metered) {
  /** Checks that there is a label, perhaps empty. */
  public NetworkStatus {
    requireNonNull(label, "label");
  }

  /** A network that is not metered, or not known to be. */
  public NetworkStatus(boolean available, String label) {
    this(available, label, false);
  }
}
