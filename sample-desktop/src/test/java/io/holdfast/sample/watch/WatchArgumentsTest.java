package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class WatchArgumentsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ftp://h/   | --once                  | uri scheme must be ws, wss, http or https but was ftp",
        "h          | --once                  | uri scheme must be ws, wss, http or https but was null",
        "ws:nowhere | --once                  | uri must have a host but was",
        "ws://h/#p  | --once                  | uri must have no fragment but was ws://h/",
        "ws://a b/  | --once                  | url must be a URI but is not at index 5",
        "ws://h/    | --header=secret         | header must be 'NAME: VALUE' but has no colon",
        "ws://h/    | --header=a b: secret    | header name must be a token but is not at index 1",
        "ws://h/    | --header=Host: secret   | header must not be the handshake's own but was Host",
        "ws://h/    | --header=X: secr\u00e9t  | value of header X must be printable ASCII",
        "ws://h/    | --subprotocol=a b       | subprotocol must be a token but is not at index 1",
        "ws://h/    | --heartbeat=0s          | heartbeat interval must be positive but was PT0S",
        "ws://h/    | --heartbeat-timeout=0s  | heartbeat timeout must be positive but was PT0S",
        "ws://h/    | --heartbeat=soon        | such as 15s or 2m, but was soon",
        "ws://h/    | --give-up-after=0s      | --give-up-after must be positive but was 0s",
        "ws://h/    | --backoff=1m            | backoff initial must be <= max but was PT1M > PT20S",
        "ws://h/    | --attempts=0            | --attempts must be positive but was 0",
        "ws://h/    | --max-queued=0          | maxQueuedMessages must be positive but was 0",
        "ws://h/    | --overflow=reject       | --overflow must come with --max-queued",
        "ws://h/    | --overflow=drop         | overflow must be reject or evict-oldest but was drop",
        "ws://h/    | --assurance=sure        | assurance must be written or confirmed but was sure",
        "ws://h/    | --ttl=0s                | timeToLive must be positive but was PT0S",
        "ws://h/    | --duration=0s           | --duration must be positive but was 0s",
        "ws://h/    | --seed=x                | 'x' is not a long",
        "ws://h/    | --verbose               | Unknown option: '--verbose'",
      })
  void wrongOnesGetASentenceAndStatus2(String url, String option, String sentence)
      throws Exception {
    Running watch =
        new Running((in, out) -> new WatchCommand(in, out, false), url, option).endsWith(2);

    assertThat(watch.errors()).contains(sentence).contains("Try").doesNotContain("secr");
    assertThat(watch.printed().text()).isEmpty();
  }

  @Test
  void aHeaderWithoutQuotesIsNotRepeated() throws Exception {
    Running watch =
        new Running(
                (in, out) -> new WatchCommand(in, out, false),
                "ws://h/",
                "-H",
                "Authorization:",
                "Bearer",
                "secret")
            .endsWith(2);

    assertThat(watch.errors())
        .contains("what has spaces, such as a header, needs quotes")
        .doesNotContain("secret");
  }

  @Test
  void anIntervalIsGivenOrLearnt() throws Exception {
    Running watch =
        new Running(
                (in, out) -> new WatchCommand(in, out, false),
                "ws://h/",
                "--learn-heartbeat",
                "--heartbeat=5s")
            .endsWith(2);

    assertThat(watch.errors()).contains("--learn-heartbeat must come without --heartbeat");
  }

  @Test
  void theUrlIsWanted() throws Exception {
    Running watch = new Running((in, out) -> new WatchCommand(in, out, false)).endsWith(2);

    assertThat(watch.errors()).contains("Missing required parameter: 'URL'");
  }
}
