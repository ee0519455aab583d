/**
 * A deterministic world that tries to break a connection: device, network and server in virtual
 * time, made from a seed. Start with {@link io.holdfast.simulation.World}; what must hold is what
 * each {@link io.holdfast.simulation.Judge} says.
 */
@NullMarked
package io.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
