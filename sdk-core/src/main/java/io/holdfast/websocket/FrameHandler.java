package io.holdfast.websocket;

import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.Message;

/** What a {@link FrameDecoder} finds. */
interface FrameHandler {

  /** A whole message; false stops the decoder after it. */
  boolean message(Message message);

  void ping(byte[] payload) throws ProtocolViolated;

  void pong(byte[] payload) throws ProtocolViolated;

  /** The last thing that is found. */
  void close(PeerClosed close);
}
