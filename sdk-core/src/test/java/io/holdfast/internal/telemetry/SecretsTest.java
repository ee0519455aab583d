package io.holdfast.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final URI PLAIN = URI.create("wss://example.com/feed");

  private final Secrets secrets =
      Secrets.of(
          ConnectRequest.builder(
                  URI.create("wss://ann:s3cr%40t@example.com/feed?token=t0ken%2Bplus&v=12345"))
              .addHeader("Authorization", "Bearer h3ader")
              .addHeader("Cookie", "session=c00kie; other=b1scuit")
              .addHeader("X-Api-Key", "k3y-of-mine")
              .build());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cr%40t",
        "s3cr@t",
        "t0ken%2Bplus",
        "t0ken+plus",
        "12345",
        "Bearer h3ader",
        "h3ader",
        "session=c00kie; other=b1scuit",
        "c00kie",
        "b1scuit",
        "k3y-of-mine"
      })
  void whatTheRequestHasIsHiddenWhereverItStands(String secret) {
    assertThat(secrets.hide("the proxy said <" + secret + "> and left")).doesNotContain(secret);
    assertThat(secrets.hide("the proxy said <" + secret + "> and left"))
        .startsWith("the proxy said <")
        .endsWith("> and left");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no way to wss://bob:hunter2x@10.0.0.1/feed",
        "GET https://example.com/x?y=1&token=hunter2x failed",
        "GET /x?token=hunter2x#end failed",
        "GET /x?y?token=hunter2x failed",
        "Authorization: Bearer hunter2x",
        "proxy-authorization=Basic hunter2x",
        "headers were\nSet-Cookie: id=hunter2x; Path=/",
        "{\"Authorization\":\"hunter2x\"}",
        "sent Bearer hunter2x to it"
      })
  void whatOnlyLooksSecretIsHiddenToo(String text) {
    assertThat(Secrets.of(PLAIN).hide(text)).doesNotContain("hunter2x");
  }

  @Test
  void secretsThatShareAPartAreHiddenWhole() {
    Secrets sharing = Secrets.of(URI.create("wss://example.com/?a=abcd1234&b=1234efgh"));

    assertThat(sharing.hide("refused: abcd1234efgh.")).isEqualTo("refused: ***.");
  }

  @Test
  void halfASecretIsHiddenAtTheEndOfABeginning() {
    assertThat(secrets.hideBeginning("the proxy said h3ad")).isEqualTo("the proxy said ***");
    assertThat(secrets.hideBeginning("the proxy at wss://bob:hunter2x"))
        .isEqualTo("the proxy at wss://***");
    assertThat(secrets.hideBeginning("the proxy went away")).isEqualTo("the proxy went away");
  }

  @Test
  void whatIsNoSecretStays() {
    String text = "Failed to connect to example.com/203.0.113.7:443 within 10 s";

    assertThat(secrets.hide(text)).isEqualTo(text);
  }

  @Test
  void aPlaceHasNeitherUserNorQuery() {
    assertThat(secrets.place()).isEqualTo("wss://example.com/feed");
    assertThat(Secrets.of(URI.create("ws://localhost:8080")).place())
        .isEqualTo("ws://localhost:8080");
  }

  @Test
  void aTokenWithoutANameIsAQueryValue() {
    Secrets bare = Secrets.of(URI.create("wss://example.com/?n4meless"));

    assertThat(bare.hide("refused: n4meless")).isEqualTo("refused: ***");
  }
}
