/**
 * The command line, {@link io.holdfast.sample.Main}. The tools have rooms of their own: the demo,
 * and {@code watch} and {@code serve}.
 */
@NullMarked
package io.holdfast.sample;

import org.jspecify.annotations.NullMarked;
