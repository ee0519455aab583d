package io.holdfast.websocket;

import io.holdfast.ConnectRequest;
import java.security.SecureRandom;
import java.util.List;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.Response;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What is asked, and whether the answer may be adopted (RFC 6455 section 4.1). */
final class OpeningHandshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ConnectRequest request;
  private final String key;

  OpeningHandshake(ConnectRequest request, SecureRandom random) {
    this.request = request;
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    key = ByteString.of(nonce).base64();
  }

  /**
   * Returns the upgrade request.
   *
   * @throws IllegalArgumentException if OkHttp refuses the URI
   */
  Request request() {
    Request.Builder builder = new Request.Builder().url(request.uri().toString());
    request.headers().forEach(header -> builder.addHeader(header.name(), header.value()));
    builder
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", key);
    if (!request.protocols().isEmpty()) {
      builder.header("Sec-WebSocket-Protocol", String.join(", ", request.protocols()));
    }
    return builder.build();
  }

  /** Returns the rule that {@code answer} breaks, or null if it may be adopted. */
  @Nullable String fault(Response answer) {
    Headers headers = answer.headers();
    if (answer.code() != 101) return "status must be 101 but was " + answer.code();
    if (answer.socket() == null) return "Connection must be exactly Upgrade";
    if (!"websocket".equalsIgnoreCase(only(headers, "Upgrade"))) {
      return "Upgrade must be websocket";
    }
    if (!acceptOf(key).equals(only(headers, "Sec-WebSocket-Accept"))) {
      return "Sec-WebSocket-Accept must answer our key";
    }
    if (!headers.values("Sec-WebSocket-Protocol").isEmpty()
        && !request.protocols().contains(protocol(answer))) {
      return "subprotocol must be one of " + request.protocols();
    }
    // None was offered; an empty header names none.
    if (headers.values("Sec-WebSocket-Extensions").stream().anyMatch(name -> !name.isEmpty())) {
      return "extension must be one that was offered";
    }
    return null;
  }

  /** Returns the subprotocol, empty if the answer has none. */
  String protocol(Response answer) {
    return only(answer.headers(), "Sec-WebSocket-Protocol");
  }

  static String acceptOf(String key) {
    return ByteString.encodeUtf8(key + GUID).sha1().base64();
  }

  /** Returns the one value of a header that may stand once, empty if it stands never or twice. */
  private static String only(Headers headers, String name) {
    List<String> values = headers.values(name);
    return values.size() == 1 ? values.get(0) : "";
  }
}
