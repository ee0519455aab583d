/**
 * The far end of a connection, in a test's hands: a path that fails on command, a server that
 * restarts and keeps a ledger of what arrived, and a server that speaks raw bytes.
 *
 * <p>Start with {@link io.holdfast.testkit.TestServer}, and put a {@link
 * io.holdfast.testkit.FaultProxy} before it to see a client lose its network; a {@link
 * io.holdfast.testkit.FaultPlan} has it do so by a script.
 */
@NullMarked
package io.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
