package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectRequest.Header;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class BasicAuthorizationTest {
  @Test
  void theUserBecomesAHeader() {
    ConnectRequest request = request("wss://al%40x:p%3Aw@h:1/p?q=a@b");

    assertThat(request.uri()).isEqualTo(URI.create("wss://h:1/p?q=a@b"));
    assertThat(request.headers())
        .containsExactly(new Header("Authorization", "Basic YWxAeDpwOnc="));
  }

  @Test
  void aHeaderOfOnesOwnIsStronger() {
    ConnectRequest request = request("ws://a:b@h/", new Header("authorization", "Bearer t"));

    assertThat(request.headers()).containsExactly(new Header("authorization", "Bearer t"));
  }

  @Test
  void withoutAUserNothingIsAdded() {
    ConnectRequest request = request("ws://h/x@y");

    assertThat(request.uri()).isEqualTo(URI.create("ws://h/x@y"));
    assertThat(request.headers()).isEmpty();
  }

  private static ConnectRequest request(String uri, Header... headers) {
    return BasicAuthorization.request(URI.create(uri), List.of(headers), List.of());
  }
}
