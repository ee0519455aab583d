package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  // A second try for each character would take hours.
  private static final Duration A_WHILE = Duration.ofSeconds(20);

  @ParameterizedTest
  @CsvSource({
    "no way to https://ann:pw@example.com/x?token=t0ken now, no way to https://example.com/x now",
    "<https://example.com?t0ken>, <https://example.com",
    "a://b://ann@c?t0ken a://b?d, a://b://c a://b",
    "what? at https://example.com/x, what? at https://example.com/x"
  })
  void userAndQueryOfAUriAreLeftOut(String said, String told) {
    assertThat(Failures.ofStream(new IOException(said))).hasMessage(told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "://", "://a?", "://a@", "a"})
  void megabytesOfWhatLooksLikeUrisAreReadInNoTime(String piece) {
    IOException thrown = new IOException(piece.repeat(1 << 20));

    String told =
        assertTimeoutPreemptively(A_WHILE, () -> "" + Failures.ofAttempt(thrown).getMessage());

    assertThat(told).hasSizeLessThanOrEqualTo(1_027);
  }

  @Test
  void whatTheAppThrewIsTheCauseAndNotRepeated() {
    assertThat(Failures.ofAttempt(new IllegalStateException("t0ken")))
        .hasMessage("IllegalStateException");
  }
}
