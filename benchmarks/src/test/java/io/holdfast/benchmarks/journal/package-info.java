/** Tests of the journal's benchmark. */
@NullMarked
package io.holdfast.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
