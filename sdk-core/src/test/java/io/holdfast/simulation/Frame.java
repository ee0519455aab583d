package io.holdfast.simulation;

import io.holdfast.Message;
import org.jspecify.annotations.Nullable;

/** What lies in a pipe from one byte to another. */
final class Frame {
  /** What it is. */
  enum Kind {
    MESSAGE,
    PING,
    PONG,
    CLOSE,
    /** Something that RFC 6455 forbids. */
    MALFORMED,
    /** The beginning of a message that is too large. */
    TOO_LARGE,
    /** The end of the byte stream. */
    FIN
  }

  private static final int OVERHEAD = 6;

  final Kind kind;
  final @Nullable Message message;
  final byte @Nullable [] payload;
  final int code;
  final int size;
  // The pipe owns it: how many bytes it carried up to this frame's last.
  long endsAt;

  private Frame(Kind kind, @Nullable Message message, byte @Nullable [] payload, int code) {
    this.kind = kind;
    this.message = message;
    this.payload = payload;
    this.code = code;
    this.size = OVERHEAD + (message == null ? 12 : message.size());
  }

  static Frame of(Message message) {
    return new Frame(Kind.MESSAGE, message, null, 0);
  }

  static Frame ping(byte[] payload) {
    return new Frame(Kind.PING, null, payload, 0);
  }

  static Frame pong(byte[] payload) {
    return new Frame(Kind.PONG, null, payload, 0);
  }

  static Frame close(int code) {
    return new Frame(Kind.CLOSE, null, null, code);
  }

  static Frame of(Kind kind) {
    return new Frame(kind, null, null, 0);
  }

  @Override
  public String toString() {
    if (message != null) return "message of " + message.size() + " B";
    return kind == Kind.CLOSE ? "CLOSE " + code : kind.toString();
  }
}
