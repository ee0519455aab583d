/**
 * Whether and when to try again: our table of failures, and resilience4j. Start with {@link
 * io.holdfast.internal.retry.Retries}.
 */
@NullMarked
package io.holdfast.internal.retry;

import org.jspecify.annotations.NullMarked;
