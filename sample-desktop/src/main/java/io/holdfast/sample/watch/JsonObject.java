package io.holdfast.sample.watch;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One JSON object (RFC 8259) on one line, written field by field. Whatever may steer a terminal or
 * end a line is escaped, and so are halves of a character, which UTF-8 cannot carry.
 */
final class JsonObject {
  private final StringBuilder text = new StringBuilder("{");

  JsonObject put(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  JsonObject put(String name, long value) {
    name(name).append(value);
    return this;
  }

  JsonObject put(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  JsonObject put(String name, JsonObject value) {
    name(name).append(value);
    return this;
  }

  JsonObject put(String name, List<String> values) {
    name(name).append('[');
    String comma = "";
    for (String value : values) {
      text.append(comma);
      quote(value);
      comma = ",";
    }
    text.append(']');
    return this;
  }

  /** Puts milliseconds with three decimals. */
  JsonObject putMillis(String name, Duration value) {
    name(name).append(String.format(Locale.ROOT, "%.3f", value.toNanos() / 1e6));
    return this;
  }

  /** Returns the object, which may still grow. */
  @Override
  public String toString() {
    return text + "}";
  }

  private StringBuilder name(String name) {
    if (text.length() > 1) text.append(',');
    quote(name);
    return text.append(':');
  }

  private void quote(String value) {
    text.append('"');
    int index = 0;
    while (index < value.length()) {
      int codePoint = value.codePointAt(index);
      int length = Character.charCount(codePoint);
      append(codePoint, value, index, index + length);
      index += length;
    }
    text.append('"');
  }

  private void append(int codePoint, String value, int from, int to) {
    switch (codePoint) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (!isEscaped(codePoint)) text.append(value, from, to);
        else for (int i = from; i < to; i++) escape(value.charAt(i));
      }
    }
  }

  private void escape(char c) {
    text.append("\\u").append(Character.forDigit(c >> 12, 16));
    text.append(Character.forDigit(c >> 8 & 0xf, 16));
    text.append(Character.forDigit(c >> 4 & 0xf, 16));
    text.append(Character.forDigit(c & 0xf, 16));
  }

  private static boolean isEscaped(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
