package io.holdfast;

/** The four states of the browser's {@code WebSocket.readyState}, with its numbers. */
public enum ReadyState {
  /** Not open yet, or on the way back after a lost transport. */
  CONNECTING(0),
  /** Messages flow. */
  OPEN(1),
  /** The closing handshake is under way. */
  CLOSING(2),
  /** Final: the connection never opens again. */
  CLOSED(3);

  private final int code;

  ReadyState(int code) {
    this.code = code;
  }

  /** Returns the number that the browser uses: 0 to 3. */
  public int code() {
    return code;
  }
}
