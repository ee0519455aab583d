package io.holdfast.sample.watch;

import io.holdfast.ConnectRequest;
import io.holdfast.ManagedConnection;
import io.holdfast.SendOptions;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is watched, and for how long.
 *
 * @param request what is connected to
 * @param connection how; built once
 * @param sendOptions for each line
 * @param inputWaits whether the input is read only as fast as it is delivered
 * @param input whose lines are sent; null for none
 * @param limit for how long; null for until the input ends
 * @param drain how long messages have to be delivered in the end
 * @param linger how long the end waits for answers once the input has ended
 * @param attempts how many in a row may fail or not last; zero to end with the first transport
 */
record Plan(
    ConnectRequest request,
    ManagedConnection.Builder connection,
    SendOptions sendOptions,
    boolean inputWaits,
    @Nullable InputStream input,
    @Nullable Duration limit,
    Duration drain,
    Duration linger,
    int attempts) {}
