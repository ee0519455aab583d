package io.holdfast.sample.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.Message;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines as messages. They end with LF or CR LF, the last one perhaps with nothing. A line
 * that is too long is skipped without being kept. For one thread.
 */
final class InputLines {
  private final InputStream input;
  private final int limitBytes;
  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private long number;

  InputLines(InputStream input, int limitBytes) {
    this.input = new BufferedInputStream(input);
    this.limitBytes = limitBytes;
  }

  /** Waits for a line; null at the end of the input, and if it cannot be read any more. */
  @Nullable InputLine next() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    int next = read();
    if (next < 0) return null;
    while (next >= 0 && next != '\n') {
      // One more than the limit, for the CR of an end that is not there yet.
      if (line.size() <= limitBytes) line.write(next);
      else tooLong = true;
      next = read();
    }
    number++;
    return line(line.toByteArray(), tooLong);
  }

  private InputLine line(byte[] bytes, boolean tooLong) {
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') length--;
    if (tooLong || length > limitBytes) {
      return new InputLine(number, null, InputLine.Fault.TOO_LONG);
    }
    try {
      String text = decoder.decode(ByteBuffer.wrap(bytes, 0, length)).toString();
      return new InputLine(number, Message.text(text), null);
    } catch (CharacterCodingException e) {
      return new InputLine(number, null, InputLine.Fault.NOT_UTF8);
    }
  }

  private int read() {
    try {
      return input.read();
    } catch (IOException e) {
      // A terminal that has gone, or an input that was closed.
      return -1;
    }
  }
}
