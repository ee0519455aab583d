package io.holdfast.sample.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.Message;
import io.holdfast.sample.terminal.Texts;
import java.nio.ByteBuffer;

/** A message, or what else a peer wrote, as one line: whole if it fits, else with its size. */
final class MessageText {
  private MessageText() {}

  static String of(Message message, int width) {
    if (message instanceof Message.Text text) return of(text.text(), message.size(), width);
    return ofBinary(message.payload(), message.size(), width);
  }

  static String of(String text, int width) {
    return of(text, text.getBytes(UTF_8).length, width);
  }

  private static String of(String text, int bytes, int width) {
    // Twice, for a character may be two chars; escapes only make it longer.
    boolean begins = text.length() > 2 * width + 2;
    String line = escaped(begins ? text.substring(0, 2 * width + 2) : text);
    boolean fits = !begins && line.codePointCount(0, line.length()) <= width;
    return fits ? Texts.printable(line, width) : cut(line, bytes, width);
  }

  private static String cut(String line, int bytes, int width) {
    String size = " (" + bytes + " bytes)";
    return Texts.printable(line, width - size.length()) + size;
  }

  private static String escaped(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
  }

  private static String ofBinary(ByteBuffer payload, int bytes, int width) {
    StringBuilder line = new StringBuilder(bytes + (bytes == 1 ? " byte:" : " bytes:"));
    while (payload.hasRemaining() && line.length() <= width) {
      int next = payload.get();
      line.append(' ').append(Character.forDigit(next >> 4 & 0xf, 16));
      line.append(Character.forDigit(next & 0xf, 16));
    }
    if (bytes == 0) line.setLength(line.length() - 1);
    return Texts.printable(line.toString(), width);
  }
}
