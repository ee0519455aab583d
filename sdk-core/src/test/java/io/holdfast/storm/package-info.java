/**
 * Reconnect storms in virtual time: a whole fleet, and a server that accepts so many a second.
 * Start with {@link io.holdfast.storm.Storm}.
 */
@NullMarked
package io.holdfast.storm;

import org.jspecify.annotations.NullMarked;
