/**
 * Where accepted messages live until their fate is known: passive, pure given the time, without a
 * thread or a lock of its own. Start with {@link io.holdfast.internal.outbox.Outbox}.
 */
@NullMarked
package io.holdfast.internal.outbox;

import org.jspecify.annotations.NullMarked;
