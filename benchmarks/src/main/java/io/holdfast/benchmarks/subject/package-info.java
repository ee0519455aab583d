/**
 * What is compared: each WebSocket library behind one small face, set up as its documentation does
 * it first, with Nagle's algorithm off. Start with {@link io.holdfast.benchmarks.subject.Subject}.
 */
@NullMarked
package io.holdfast.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
