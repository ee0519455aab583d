package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7692 sections 5 and 7.1: what is offered, and what of the answers is taken. */
class AgreedDeflateTest {
  private static final Compression ALL =
      Compression.DEFAULT
          .withServerNoContextTakeover()
          .withClientNoContextTakeover()
          .withServerMaxWindowBits(10)
          .withClientMaxWindowBits(12);

  @Test
  void offerSaysWhatIsConfiguredAndNoMore() {
    assertThat(AgreedDeflate.offer(Compression.DEFAULT)).isEqualTo("permessage-deflate");
    assertThat(AgreedDeflate.offer(Compression.OFF)).isNull();
    assertThat(AgreedDeflate.offer(ALL))
        .isEqualTo(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                + " server_max_window_bits=10; client_max_window_bits=12");
  }

  @ParameterizedTest
  @CsvSource({
    "permessage-deflate, true, true, 15",
    "' permessage-deflate ;  server_no_context_takeover ', false, true, 15",
    "permessage-deflate;client_no_context_takeover, true, false, 15",
    "permessage-deflate; server_max_window_bits=8, true, true, 15",
    "'permessage-deflate; server_max_window_bits=\"15\"', true, true, 15",
    "', permessage-deflate,', true, true, 15",
  })
  void answerToAPlainOfferIsTaken(String answer, boolean server, boolean client, int bits) {
    assertThat(AgreedDeflate.of(Compression.DEFAULT, List.of(answer)))
        .isEqualTo(new AgreedDeflate(server, client, bits));
  }

  @ParameterizedTest
  @CsvSource({
    "permessage-deflate; client_max_window_bits=8, 8",
    "permessage-deflate; client_max_window_bits=12, 12",
    // The offer alone says that we use no more.
    "permessage-deflate, 12",
  })
  void windowOfOursIsTheSmallerOne(String answer, int bits) {
    assertThat(AgreedDeflate.of(ALL, List.of(answer)))
        .isEqualTo(new AgreedDeflate(true, false, bits));
  }

  @Test
  void noneIsAgreedIfNoneIsNamed() {
    assertThat(AgreedDeflate.of(Compression.DEFAULT, List.of())).isNull();
    assertThat(AgreedDeflate.of(Compression.DEFAULT, List.of("", " "))).isNull();
    assertThat(AgreedDeflate.of(Compression.OFF, List.of())).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "other, extension must be one that was offered",
    "'permessage-deflate, other', extension must be one that was offered",
    "'permessage-deflate, permessage-deflate', extension must be accepted once",
    "permessage-deflate; client_max_window_bits=12, client_max_window_bits was not offered",
    "permessage-deflate; client_max_window_bits, client_max_window_bits was not offered",
    "permessage-deflate; unknown, extension parameter must not be unknown",
    "permessage-deflate; unknown=1, extension parameter must not be unknown",
    "permessage-deflate; server_max_window_bits, server_max_window_bits must be 8 to 15 but was ''",
    "permessage-deflate; server_max_window_bits=7, server_max_window_bits must be 8 to 15 but was 7",
    "permessage-deflate; server_max_window_bits=16, server_max_window_bits must be 8 to 15 but was 16",
    "permessage-deflate; server_max_window_bits=08, server_max_window_bits must be 8 to 15 but was 08",
    "permessage-deflate; server_max_window_bits=x, server_max_window_bits must be 8 to 15 but was x",
    "permessage-deflate; server_no_context_takeover=1, server_no_context_takeover must have no value but had 1",
    "permessage-deflate; client_no_context_takeover=x, client_no_context_takeover must have no value but had x",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover, extension parameter must stand once but server_no_context_takeover",
    "permessage-deflate; , extension must be made of tokens but has ''",
    "; server_no_context_takeover, extension must be made of tokens but has ''",
    "permessage deflate, extension must be made of tokens but has 'permessage deflate'",
  })
  void answerThatBreaksARuleIsRefused(String answer, String rule) {
    assertThatThrownBy(() -> AgreedDeflate.of(Compression.DEFAULT, List.of(answer)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(rule.replace("but was ''", "but was "));
  }

  @ParameterizedTest
  @CsvSource({
    "server_max_window_bits=11, server_max_window_bits must be 8 to 10 but was 11",
    "client_max_window_bits=13, client_max_window_bits must be 8 to 12 but was 13",
    "client_max_window_bits, 'client_max_window_bits must be 8 to 12 but was '",
  })
  void windowAboveTheOfferedOneIsRefused(String parameter, String rule) {
    assertThatThrownBy(() -> AgreedDeflate.of(ALL, List.of("permessage-deflate; " + parameter)))
        .hasMessage(rule);
  }

  @Test
  void nothingIsTakenThatWasNotOffered() {
    assertThatThrownBy(() -> AgreedDeflate.of(Compression.OFF, List.of("permessage-deflate")))
        .hasMessage("extension must be one that was offered");
    assertThatThrownBy(
            () ->
                AgreedDeflate.of(
                    Compression.DEFAULT, List.of("permessage-deflate", "permessage-deflate")))
        .hasMessage("extension must be accepted once");
  }

  @Test
  void numbersAreChecked() {
    assertThatThrownBy(() -> ALL.withMinBytes(-1)).hasMessage("minBytes must be >= 0 but was -1");
    assertThatThrownBy(() -> ALL.withServerMaxWindowBits(7))
        .hasMessage("serverMaxWindowBits must be 8 to 15, or 0, but was 7");
    assertThatThrownBy(() -> ALL.withClientMaxWindowBits(16))
        .hasMessage("clientMaxWindowBits must be 8 to 15, or 0, but was 16");
    assertThat(ALL.withServerMaxWindowBits(0).withClientMaxWindowBits(0).minBytes())
        .isEqualTo(1024);
  }
}
