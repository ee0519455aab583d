package io.holdfast.transport;

import io.holdfast.ConnectTimeline;

/**
 * What the opening handshake settled (RFC 6455 section 4).
 *
 * @param protocol the subprotocol, empty if none
 * @param extensions the extensions in force as the server named them, empty if none
 * @param timeline how the attempt went
 */
public record Handshake(String protocol, String extensions, ConnectTimeline timeline) {}
