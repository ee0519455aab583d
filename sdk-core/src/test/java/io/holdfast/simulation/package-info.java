/**
 * Seeded runs of the whole connection against a model of the network. Start with {@link
 * io.holdfast.simulation.SeededRunTest}.
 */
@NullMarked
package io.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
