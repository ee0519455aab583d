/**
 * Where accepted messages are kept until their fate is known: in memory, or in a journal on disk
 * that survives the process. Start with {@link io.holdfast.queue.SendQueue}.
 */
@NullMarked
package io.holdfast.queue;

import org.jspecify.annotations.NullMarked;
