package io.holdfast.websocket;

/** What a peer may send at most. */
record InboundLimits(int messageBytes, int fragments) {}
