/**
 * How fast the journal is, side by side with other ways to keep records on disk. Start with {@link
 * io.holdfast.benchmarks.journal.JournalBenchmarks}.
 */
@NullMarked
package io.holdfast.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
