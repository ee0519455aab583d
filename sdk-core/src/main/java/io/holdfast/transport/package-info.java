/**
 * What another network stack implements. Start with {@link io.holdfast.transport.Transport}, and
 * with {@link io.holdfast.transport.TransportSink} for what it must tell.
 */
@NullMarked
package io.holdfast.transport;

import org.jspecify.annotations.NullMarked;
