package io.holdfast.websocket;

import io.holdfast.ConnectRequest;
import java.security.SecureRandom;
import java.util.ArrayList;
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
  private final int headerBytes;
  private final Compression compression;
  private final String key;

  OpeningHandshake(ConnectRequest request, TransportOptions options, SecureRandom random) {
    this.request = request;
    headerBytes = options.limits().headerBytes();
    compression = options.compression();
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
    String offer = AgreedDeflate.offer(compression);
    if (offer != null) builder.header("Sec-WebSocket-Extensions", offer);
    return builder.build();
  }

  /** Returns the rule that {@code answer} breaks, or null if it may be adopted. */
  @Nullable String fault(Response answer) {
    Headers headers = answer.headers();
    if (answer.code() != 101) return "status must be 101 but was " + answer.code();
    if (headers.byteCount() > headerBytes) {
      return "headers must be <= " + headerBytes + " bytes but were " + headers.byteCount();
    }
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
    try {
      AgreedDeflate unused = deflate(answer);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /**
   * Returns the compression that {@code answer} agrees to; null if none.
   *
   * @throws IllegalArgumentException with the rule that it breaks
   */
  @Nullable AgreedDeflate deflate(Response answer) {
    return AgreedDeflate.of(compression, answer.headers().values("Sec-WebSocket-Extensions"));
  }

  /** Returns the extensions of an answer that may be adopted, as it names them. */
  String extensions(Response answer) {
    List<String> names = new ArrayList<>(answer.headers().values("Sec-WebSocket-Extensions"));
    names.removeIf(name -> name.trim().isEmpty());
    return String.join(", ", names);
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
