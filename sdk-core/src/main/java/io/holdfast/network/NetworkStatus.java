package io.holdfast.network;

import static java.util.Objects.requireNonNull;

/**
 * What is known of the network.
 *
 * @param available whether there is one at all
 * @param label tells networks apart, such as {@code wifi-7}; a new label means that old sockets may
 *     be dead. Empty if there is none
 */
public record NetworkStatus(boolean available, String label) {
  /** Checks that there is a label, perhaps empty. */
  public NetworkStatus {
    requireNonNull(label, "label");
  }
}
