package io.holdfast.sample.watch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Message;
import io.holdfast.sample.watch.InputLine.Fault;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputLinesTest {
  private static final int LIMIT = 10;

  @Test
  void linesEndWithLfOrCrLfOrTheInput() {
    assertThat(read("one\ntwo\r\n\nlast"))
        .containsExactly(text(1, "one"), text(2, "two"), text(3, ""), text(4, "last"));
    assertThat(read("one\n")).containsExactly(text(1, "one"));
    assertThat(read("")).isEmpty();
  }

  @Test
  void aCarriageReturnWithinALineStays() {
    assertThat(read("a\rb\r\r\n")).containsExactly(text(1, "a\rb\r"));
  }

  @Test
  void aLineAboveTheLimitIsSkippedAndTheNextIsNot() {
    assertThat(read("1234567890\r\n12345678901\n12345678901\r\nok\n"))
        .containsExactly(
            text(1, "1234567890"),
            new InputLine(2, null, Fault.TOO_LONG),
            new InputLine(3, null, Fault.TOO_LONG),
            text(4, "ok"));
  }

  @Test
  void theLimitIsInBytesOfUtf8() {
    assertThat(read("\u00fc\u00fc\u00fc\u00fc\u00fc\n\u00fc\u00fc\u00fc\u00fc\u00fc.\n"))
        .containsExactly(
            text(1, "\u00fc\u00fc\u00fc\u00fc\u00fc"), new InputLine(2, null, Fault.TOO_LONG));
  }

  @Test
  void whatIsNotUtf8IsNotSent() {
    InputStream input = new ByteArrayInputStream("a\u00ff\nok\n".getBytes(ISO_8859_1));

    assertThat(read(input)).containsExactly(new InputLine(1, null, Fault.NOT_UTF8), text(2, "ok"));
  }

  @Test
  void anInputThatFailsHasEnded() {
    InputStream failing =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("terminal gone");
          }
        };

    assertThat(read(failing)).isEmpty();
  }

  private static InputLine text(long number, String text) {
    return new InputLine(number, Message.text(text), null);
  }

  private static List<InputLine> read(String input) {
    return read(new ByteArrayInputStream(input.getBytes(UTF_8)));
  }

  private static List<InputLine> read(InputStream input) {
    InputLines lines = new InputLines(input, LIMIT);
    List<InputLine> read = new ArrayList<>();
    for (InputLine line; (line = lines.next()) != null; ) read.add(line);
    return read;
  }
}
