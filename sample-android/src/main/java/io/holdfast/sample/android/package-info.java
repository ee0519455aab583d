/**
 * An Android app on a connection that survives: one screen, and a service that holds the connection
 * while there is no screen. Start with {@link
 * io.holdfast.sample.android.ConnectionService#onStartCommand}.
 */
@NullMarked
package io.holdfast.sample.android;

import org.jspecify.annotations.NullMarked;
