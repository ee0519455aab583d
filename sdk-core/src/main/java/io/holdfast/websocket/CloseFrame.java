package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The payload of a Close frame (RFC 6455 sections 5.5.1 and 7.4). */
final class CloseFrame {
  static final int NO_CODE = 1005;
  static final int PROTOCOL_ERROR = 1002;
  static final int INVALID_TEXT = 1007;
  static final int POLICY_VIOLATED = 1008;
  static final int TOO_LARGE = 1009;

  private CloseFrame() {}

  /** Returns whether a frame may carry {@code code}; 1004, 1005, 1006 and 1015 never may. */
  static boolean isLegal(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  static byte[] payload(int code, String reason) {
    if (!isLegal(code)) {
      throw new IllegalArgumentException(
          "close code must be 1000-1003, 1007-1014 or 3000-4999 but was " + code);
    }
    byte[] text = reason.getBytes(UTF_8);
    if (text.length > 123) {
      throw new IllegalArgumentException(
          "close reason must be <= 123 bytes of UTF-8 but was " + text.length);
    }
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return payload;
  }

  /** Returns the Close that {@code end} is owed, or null if the peer can no longer be told. */
  static byte @Nullable [] answerTo(ConnectionException end) {
    if (end instanceof PeerClosed closed) {
      return closed.code() == NO_CODE ? new byte[0] : payload(closed.code(), "");
    }
    if (end instanceof ProtocolViolated violated) return payload(violated.closeCode(), "");
    if (end instanceof MessageTooLarge) return payload(TOO_LARGE, "");
    return null;
  }

  /** Checks a received payload and reads it as what the peer said. */
  static PeerClosed parse(byte[] payload) throws ProtocolViolated {
    if (payload.length == 0) return new PeerClosed(NO_CODE, "");
    if (payload.length == 1) {
      throw new ProtocolViolated(PROTOCOL_ERROR, "Close payload must not be 1 byte");
    }
    int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    if (!isLegal(code)) {
      throw new ProtocolViolated(PROTOCOL_ERROR, "close code must be a legal one but was " + code);
    }
    Utf8Validator reason = new Utf8Validator();
    if (!reason.accept(payload, 2, payload.length) || !reason.isComplete()) {
      throw new ProtocolViolated(INVALID_TEXT, "close reason must be UTF-8");
    }
    return new PeerClosed(code, new String(Arrays.copyOfRange(payload, 2, payload.length), UTF_8));
  }
}
