package io.holdfast.websocket;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One extension of a Sec-WebSocket-Extensions header (RFC 6455 section 9.1).
 *
 * @param parameters name to value, in order; empty for one without a value
 */
record Extension(String name, Map<String, String> parameters) {

  /**
   * Reads all that {@code headers} name; an empty one names none.
   *
   * @throws IllegalArgumentException with the rule that they break
   */
  static List<Extension> parseAll(List<String> headers) {
    List<Extension> extensions = new ArrayList<>();
    for (String header : headers) {
      for (String text : header.split(",", -1)) {
        if (!text.trim().isEmpty()) extensions.add(parse(text));
      }
    }
    return extensions;
  }

  private static Extension parse(String text) {
    String[] parts = text.split(";", -1);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      String name = token(pair[0].trim());
      String value = pair.length == 1 ? "" : token(unquoted(pair[1].trim()));
      if (parameters.put(name, value) != null) {
        throw new IllegalArgumentException("extension parameter must stand once but " + name);
      }
    }
    return new Extension(token(parts[0].trim()), parameters);
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static String token(String text) {
    if (!text.isEmpty() && text.chars().allMatch(Extension::isTokenCharacter)) return text;
    throw new IllegalArgumentException("extension must be made of tokens but has '" + text + "'");
  }

  // RFC 9110 section 5.6.2.
  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
