/**
 * What an app types: a managed connection, its states, its messages and their fates. Start with
 * {@link io.holdfast.ManagedConnection}.
 */
@NullMarked
package io.holdfast;

import org.jspecify.annotations.NullMarked;
