package io.holdfast.testkit;

import java.util.Iterator;
import okio.ByteString;

/** One open WebSocket of a {@link TestServer}. A method is false if it could not be done. */
interface Session {
  boolean send(String text);

  boolean send(ByteString bytes);

  boolean close(int code, String reason);

  /** Writes these bytes to the wire as they are. */
  default boolean sendRaw(ByteString bytes) {
    return false;
  }

  /** Sends all of these frames, as fast as the client reads them. */
  default boolean flood(Iterator<ByteString> frames) {
    return false;
  }

  /** The server's rules, or its sockets, have changed. */
  default void changed() {}
}
