package io.holdfast.sample.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.ConnectRequest;
import java.net.URI;
import java.util.Base64;
import java.util.List;

/** Makes a request whose URI has no user in it: that goes into a header (RFC 7617). */
final class BasicAuthorization {
  private static final String AUTHORIZATION = "Authorization";

  private BasicAuthorization() {}

  /**
   * Returns the request for a URI as it was typed.
   *
   * @throws IllegalArgumentException as {@link ConnectRequest.Builder} says
   */
  static ConnectRequest request(
      URI typed, List<ConnectRequest.Header> headers, List<String> subprotocols) {
    String user = typed.getUserInfo();
    ConnectRequest.Builder request = ConnectRequest.builder(withoutUser(typed));
    boolean authorized =
        headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(AUTHORIZATION));
    if (user != null && !authorized) request.addHeader(AUTHORIZATION, "Basic " + base64(user));
    headers.forEach(header -> request.addHeader(header.name(), header.value()));
    subprotocols.forEach(request::addProtocol);
    return request.build();
  }

  private static URI withoutUser(URI typed) {
    String user = typed.getRawUserInfo();
    return user == null ? typed : URI.create(typed.toString().replaceFirst("//[^/?#]*@", "//"));
  }

  private static String base64(String user) {
    return Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
  }
}
