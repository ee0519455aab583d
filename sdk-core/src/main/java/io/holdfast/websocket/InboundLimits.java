package io.holdfast.websocket;

/**
 * What a peer may send at most.
 *
 * @param messageBytes of a message, once it is inflated
 * @param fragments of a message
 * @param controlFrames pings, and pongs that answer nothing, within a second
 * @param headerBytes of the answer to the upgrade
 */
record InboundLimits(int messageBytes, int fragments, int controlFrames, int headerBytes) {
  static final InboundLimits DEFAULT =
      new InboundLimits(16 * 1024 * 1024, 16_384, 10_000, 64 * 1024);
}
