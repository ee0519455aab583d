package io.holdfast.websocket;

import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.Message;

/** What a {@link FrameDecoder} finds. */
interface FrameHandler {

  /** A whole message; false stops the decoder after it. */
  boolean message(Message message);

  void ping(byte[] payload);

  void pong(byte[] payload);

  /** The last thing that is found. */
  void close(PeerClosed close);
}
