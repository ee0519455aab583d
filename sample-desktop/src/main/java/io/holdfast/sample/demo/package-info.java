/**
 * The show: numbered messages through a script of faults, and a comparison with the server's
 * ledger. Start with {@link io.holdfast.sample.demo.Demo}.
 */
@NullMarked
package io.holdfast.sample.demo;

import org.jspecify.annotations.NullMarked;
