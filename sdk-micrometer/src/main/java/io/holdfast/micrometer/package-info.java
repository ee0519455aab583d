/**
 * A managed connection's metrics for Micrometer. Start with {@link
 * io.holdfast.micrometer.HoldfastMetrics}.
 */
@NullMarked
package io.holdfast.micrometer;

import org.jspecify.annotations.NullMarked;
