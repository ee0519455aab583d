/**
 * An Android app on a connection that survives: one screen, a journal, and a service that keeps the
 * process alive while the connection needs it. Start with {@link
 * io.holdfast.sample.android.Connector}.
 */
@NullMarked
package io.holdfast.sample.android;

import org.jspecify.annotations.NullMarked;
