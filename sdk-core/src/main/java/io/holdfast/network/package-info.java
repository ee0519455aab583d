/**
 * What a connection is told of the network. Start with {@link io.holdfast.network.NetworkMonitor}.
 */
@NullMarked
package io.holdfast.network;

import org.jspecify.annotations.NullMarked;
