package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
  @Test
  void fieldsKeepTheirOrderAndKinds() {
    JsonObject json =
        new JsonObject()
            .put("text", "a")
            .put("number", Long.MIN_VALUE)
            .put("yes", true)
            .put("inner", new JsonObject().put("n", 1))
            .put("list", List.of("x", "y\""))
            .put("none", List.of())
            .putMillis("ms", Duration.ofNanos(1_234_567));

    assertThat(json)
        .hasToString(
            "{\"text\":\"a\",\"number\":-9223372036854775808,\"yes\":true,\"inner\":{\"n\":1},"
                + "\"list\":[\"x\",\"y\\\"\"],\"none\":[],\"ms\":1.235}");
    assertThat(new JsonObject()).hasToString("{}");
  }

  @Test
  void noControlCharacterIsPrintedAsItIs() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c <= 0xa0; c++) all.append(c);
    all.append("\u200b\u202e\u2028\u2029\ufeff").appendCodePoint(0xe0001);

    String printed = new JsonObject().put("a", all.toString()).toString();

    assertThat(printed.chars()).allMatch(c -> c >= 0x20 && (c < 0x7f || c == 0xa0));
    assertThat(printed)
        .contains("\\u0000", "\\u001b", "\\u007f", "\\u009b", "\\u202e", "\\u2028")
        .contains("\\t", "\\n", "\\r", "\\\"", "\\\\")
        .contains("\\udb40\\udc01");
  }

  @Test
  void aLoneSurrogateIsEscapedAndAPairIsNot() {
    String text = "\ud83d\ude00 \ud83d \ude00";

    assertThat(new JsonObject().put("a", text))
        .hasToString("{\"a\":\"\ud83d\ude00 \\ud83d \\ude00\"}");
    assertThat(new JsonObject().put("a", "\ud83d")).hasToString("{\"a\":\"\\ud83d\"}");
  }

  @Test
  void namesAreQuotedToo() {
    assertThat(new JsonObject().put("a\"b", "")).hasToString("{\"a\\\"b\":\"\"}");
  }
}
