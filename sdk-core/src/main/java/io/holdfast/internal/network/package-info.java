/**
 * What the operating system tells of the network and of sleep, by looking at it now and then. Start
 * with {@link io.holdfast.internal.network.InterfacePoll}.
 */
@NullMarked
package io.holdfast.internal.network;

import org.jspecify.annotations.NullMarked;
