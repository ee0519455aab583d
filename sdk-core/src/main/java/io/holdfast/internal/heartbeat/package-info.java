/**
 * A heartbeat that learns how long the path of each network may be silent. All of it is pure. Start
 * with {@link io.holdfast.internal.heartbeat.PathLearner}.
 */
@NullMarked
package io.holdfast.internal.heartbeat;

import org.jspecify.annotations.NullMarked;
