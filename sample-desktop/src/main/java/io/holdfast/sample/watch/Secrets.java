package io.holdfast.sample.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.ConnectRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is not to be shown: header values, and the URI's user and query values. They are never
 * printed by intent; this takes them out of what others say, such as the body of an error page.
 */
final class Secrets {
  // Shorter ones would blot out what has nothing to do with them.
  private static final int SHORTEST = 6;
  private static final Pattern WORD_ENDS = Pattern.compile("[ ;]+");
  private static final Pattern USER_ENDS = Pattern.compile(":");
  private static final Pattern PARAMETER_ENDS = Pattern.compile("&");

  // The longest first, for one may hold another.
  private final Set<String> secrets =
      new TreeSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(secret -> secret));

  private Secrets() {}

  /** Those of a request, and of the URI as it was typed. */
  static Secrets of(ConnectRequest request, URI typed) {
    Secrets secrets = new Secrets();
    // The scheme of credentials is no secret; what follows it is.
    request.headers().forEach(header -> secrets.add(WORD_ENDS, header.value()));
    secrets.addEncoded(USER_ENDS, typed.getRawUserInfo());
    if (typed.getRawQuery() != null) {
      PARAMETER_ENDS
          .splitAsStream(typed.getRawQuery())
          .map(parameter -> parameter.substring(parameter.indexOf('=') + 1))
          .forEach(value -> secrets.addEncoded(WORD_ENDS, value));
    }
    return secrets;
  }

  static Secrets none() {
    return new Secrets();
  }

  private void addEncoded(Pattern ends, @Nullable String encoded) {
    if (encoded == null) return;
    add(ends, encoded);
    add(ends, decoded(encoded));
  }

  /** Adds a secret and its parts. */
  private void add(Pattern ends, String secret) {
    Stream.concat(Stream.of(secret), ends.splitAsStream(secret))
        .filter(part -> part.length() >= SHORTEST)
        .forEach(secrets::add);
  }

  private static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, UTF_8);
    } catch (IllegalArgumentException e) {
      return encoded;
    }
  }

  String hide(String text) {
    String hidden = text;
    for (String secret : secrets) hidden = hidden.replace(secret, "***");
    return hidden;
  }
}
