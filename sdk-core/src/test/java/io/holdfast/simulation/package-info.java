/**
 * A deterministic world that tries to break a connection: device, network and server in virtual
 * time, made from a seed. Start with {@link io.holdfast.simulation.World}; what must hold is what
 * each {@link io.holdfast.simulation.Judge} says.
 *
 * <p>One scenario in four keeps its messages in the real journal, over the simulated disk that
 * proves the journal itself, and has its process killed and its power cut. The whole campaign then
 * runs at three quarters of the speed that it had without; a model of a send queue would be faster
 * and might promise what the journal does not.
 */
@NullMarked
package io.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
