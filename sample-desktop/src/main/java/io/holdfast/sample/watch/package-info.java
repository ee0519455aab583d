/**
 * The subcommand {@code watch}: a connection to any server, told as a timeline or as JSON lines,
 * with lines of an input as messages. Start with {@link io.holdfast.sample.watch.Watch}.
 */
@NullMarked
package io.holdfast.sample.watch;

import org.jspecify.annotations.NullMarked;
