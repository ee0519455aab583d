/**
 * What a connection looks like from outside: counts, its recent history, and the words for both
 * history and log. Pure: it is given the time. Start with {@link
 * io.holdfast.internal.telemetry.Telemetry}.
 */
@NullMarked
package io.holdfast.internal.telemetry;

import org.jspecify.annotations.NullMarked;
