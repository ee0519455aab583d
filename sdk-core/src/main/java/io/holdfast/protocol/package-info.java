/**
 * What an application speaks over the transport: readiness, ids, acknowledgements, resume. Start
 * with {@link io.holdfast.protocol.Protocol}; {@link io.holdfast.protocol.ReliableProtocol} is a
 * whole one.
 */
@NullMarked
package io.holdfast.protocol;

import org.jspecify.annotations.NullMarked;
