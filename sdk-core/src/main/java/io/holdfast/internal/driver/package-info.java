/**
 * The edges: threads, timers, and the driver that carries out what the pure parts decide. Start
 * with {@link io.holdfast.internal.driver.ConnectionDriver}.
 */
@NullMarked
package io.holdfast.internal.driver;

import org.jspecify.annotations.NullMarked;
