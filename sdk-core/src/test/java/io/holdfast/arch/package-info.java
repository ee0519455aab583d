/** Conventions that are tests. Start with {@link io.holdfast.arch.WallsTest}. */
@NullMarked
package io.holdfast.arch;

import org.jspecify.annotations.NullMarked;
