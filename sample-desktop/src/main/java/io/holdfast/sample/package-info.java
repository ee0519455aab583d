/**
 * The terminal demo: a connection that a person watches surviving faults. Start with {@link
 * io.holdfast.sample.Demo}; {@link io.holdfast.sample.Main} only reads the command line.
 */
@NullMarked
package io.holdfast.sample;

import org.jspecify.annotations.NullMarked;
