/**
 * The other end of every benchmark, in a process of its own, so that its work and its garbage are
 * not the subject's. Start with {@link io.holdfast.benchmarks.server.ServerProcess}.
 */
@NullMarked
package io.holdfast.benchmarks.server;

import org.jspecify.annotations.NullMarked;
