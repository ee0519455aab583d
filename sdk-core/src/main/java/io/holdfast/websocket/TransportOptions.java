package io.holdfast.websocket;

/**
 * What an app may choose for its transports.
 *
 * @param fragmentBytes the payload of an outbound frame at most
 */
record TransportOptions(InboundLimits limits, int fragmentBytes, Compression compression) {
  static final TransportOptions DEFAULT =
      new TransportOptions(InboundLimits.DEFAULT, 16 * 1024, Compression.DEFAULT);
}
