/**
 * What a connection does when something happens: pure, without a thread, clock, socket, random
 * source or log. Start with {@link io.holdfast.internal.machine.Machine}.
 */
@NullMarked
package io.holdfast.internal.machine;

import org.jspecify.annotations.NullMarked;
