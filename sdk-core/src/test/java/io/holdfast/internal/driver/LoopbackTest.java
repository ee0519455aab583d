package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ws://localhost:8080/",
        "wss://LOCALHOST/feed",
        "ws://app.localhost/",
        "ws://127.0.0.1/",
        "ws://127.8.8.8:1/",
        "ws://[::1]:80/",
        "ws://[0:0:0:0:0:0:0:1]/",
        "ws://[::ffff:127.0.0.1]/"
      })
  void thisDevice(String uri) {
    assertThat(Loopback.isHostOf(URI.create(uri))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wss://example.com/",
        "ws://localhost.example.com/",
        "ws://127.0.0.1.example.com/",
        "ws://10.0.2.2/",
        "ws://[fe80::1]/",
        "ws://[::]/",
        "mailto:nobody"
      })
  void anotherOne(String uri) {
    assertThat(Loopback.isHostOf(URI.create(uri))).isFalse();
  }
}
