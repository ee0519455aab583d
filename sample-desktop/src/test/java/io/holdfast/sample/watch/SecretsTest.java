package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import java.net.URI;
import org.junit.jupiter.api.Test;

class SecretsTest {
  @Test
  void valuesAreHiddenWhereverTheyStand() {
    URI typed = URI.create("ws://alice:pass%20word@h/?token=to%2Bken1&v=1");
    ConnectRequest request =
        ConnectRequest.builder(URI.create("ws://h/"))
            .addHeader("Authorization", "Bearer abcdefgh")
            .addHeader("Cookie", "id=session123; x=1")
            .build();

    Secrets secrets = Secrets.of(request, typed);

    assertThat(secrets.hide("GET /?token=to%2Bken1 to+ken1")).isEqualTo("GET /?token=*** ***");
    assertThat(secrets.hide("pass%20word, pass word")).isEqualTo("***, ***");
    assertThat(secrets.hide("bad token abcdefgh, Bearer abcdefgh")).isEqualTo("bad token ***, ***");
    assertThat(secrets.hide("no id=session123")).isEqualTo("no ***");
  }

  @Test
  void shortOnesDoNotBlotOutTheRest() {
    ConnectRequest request = ConnectRequest.builder(URI.create("ws://h/")).build();

    Secrets secrets = Secrets.of(request, URI.create("ws://h/?v=1&flag&=&e=a"));

    assertThat(secrets.hide("status must be 101")).isEqualTo("status must be 101");
  }
}
