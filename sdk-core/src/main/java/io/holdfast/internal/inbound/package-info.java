/**
 * Messages on their way to the app: passive, without a thread or a lock of its own. Start with
 * {@link io.holdfast.internal.inbound.InboundChannel}.
 */
@NullMarked
package io.holdfast.internal.inbound;

import org.jspecify.annotations.NullMarked;
