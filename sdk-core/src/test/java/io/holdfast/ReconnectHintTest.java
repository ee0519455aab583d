package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReconnectHintTest {
  @Test
  void whatItNamesMayBeTakenBack() {
    ReconnectHint hint =
        ReconnectHint.DEFAULT
            .withSpread(Duration.ofSeconds(1))
            .withEndpoint(URI.create("wss://example.com/b"));

    assertThat(hint.withSpread(null).withEndpoint(null)).isEqualTo(ReconnectHint.DEFAULT);
  }
}
