/**
 * How strong the simulation is: bugs that are planted one at a time in the code under test, and the
 * seed at which the judges find each. Start with {@link
 * io.holdfast.simulation.mutation.PlantedBugs}. The same for the journal and its tests: {@link
 * io.holdfast.simulation.mutation.JournalStrengthTest}.
 */
@NullMarked
package io.holdfast.simulation.mutation;

import org.jspecify.annotations.NullMarked;
