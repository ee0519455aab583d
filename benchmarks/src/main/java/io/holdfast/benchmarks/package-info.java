/**
 * How fast the connection is, side by side with its peers: JMH, and a report of what it measured.
 * Start with {@link io.holdfast.benchmarks.Benchmarks}.
 */
@NullMarked
package io.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
