package io.holdfast.testkit;

import okio.ByteString;

/**
 * Hears what goes on at a {@link TestServer}, for a log of it.
 *
 * <p>Calls come on the server's threads, those of one session one after the other, and of several
 * sessions at once. A listener that blocks holds up its session; it must not throw, and must not
 * stop or close the server.
 */
public interface SessionListener {
  /** A listener that ignores all. */
  SessionListener NONE = new SessionListener() {};

  /** A request for a WebSocket was answered, accepted or not. */
  default void onUpgradeRequest(UpgradeRequest request) {}

  /**
   * A session has begun.
   *
   * @param session its number, from 1
   */
  default void onOpened(int session) {}

  /** A text message has arrived; called before it is entered in the ledger. */
  default void onText(int session, String text) {}

  /** A binary message has arrived; called before it is entered in the ledger. */
  default void onBinary(int session, ByteString bytes) {}

  /**
   * A session has ended; its last call.
   *
   * @param code the client's close code: 1005 if its Close had none, 1006 if it sent no Close
   * @param reason the client's close reason, perhaps empty
   */
  default void onEnded(int session, int code, String reason) {}
}
