package io.holdfast.internal.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.ConnectRequest;
import io.holdfast.internal.Redaction;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What history and log must not show: the URI's user and query values, and header values. They are
 * never written by intent; this takes them out of what others say, such as an exception of the
 * app's request supplier. What is not known to be secret is found by how it looks.
 */
public final class Secrets {
  private static final String HIDDEN = "***";
  // Shorter ones would blot out what has nothing to do with them.
  private static final int SHORTEST = 4;
  private static final Pattern WORD_ENDS = Pattern.compile("[ ;,=:]+");
  private static final Pattern PARAMETER_ENDS = Pattern.compile("&");

  // None reads a character more than a few times, whatever the text: a peer may have made it.
  private static final Pattern USER = Pattern.compile("(?<=://)[^/\\s]+@");
  private static final Pattern USER_CUT_OFF = Pattern.compile("(?<=://)[^/\\s]+\\z");
  private static final Pattern QUERY_VALUE = Pattern.compile("([?&][^=&?\\s]+=)[^&\\s]+");
  private static final Pattern HEADER =
      Pattern.compile("(?i)\\b(authorization|cookie)\\b(\\W*[:=]).*", Pattern.DOTALL);
  private static final Pattern CREDENTIALS = Pattern.compile("(?i)\\b(bearer|basic|digest) +\\S+");

  private final URI uri;
  private final List<ConnectRequest.Header> headers;
  private final @Nullable Secrets others;

  private Secrets(URI uri, List<ConnectRequest.Header> headers, @Nullable Secrets others) {
    this.uri = uri;
    this.headers = headers;
    this.others = others;
  }

  /** Those of a request. */
  public static Secrets of(ConnectRequest request) {
    return new Secrets(request.uri(), request.headers(), null);
  }

  /** Those of a URI, while no request is known. */
  public static Secrets of(URI uri) {
    return new Secrets(uri, List.of(), null);
  }

  /** Returns these and {@code others}. */
  Secrets with(Secrets others) {
    return new Secrets(uri, headers, others);
  }

  /** Returns these without others. */
  Secrets alone() {
    return others == null ? this : new Secrets(uri, headers, null);
  }

  /** Returns the URI without user and query. */
  public String place() {
    return Redaction.of(uri);
  }

  /** Returns {@code text} without what is secret in it. */
  String hide(String text) {
    return withoutLookalikes(withoutKnown(text, false));
  }

  /** Does so for the beginning of a text, at whose end half a secret may stand. */
  String hideBeginning(String text) {
    String hidden = withoutLookalikes(withoutKnown(text, true));
    return USER_CUT_OFF.matcher(hidden).replaceAll(HIDDEN);
  }

  private static String withoutLookalikes(String text) {
    String hidden = USER.matcher(text).replaceAll(HIDDEN + "@");
    hidden = QUERY_VALUE.matcher(hidden).replaceAll("$1" + HIDDEN);
    hidden = HEADER.matcher(hidden).replaceAll("$1$2 " + HIDDEN);
    return CREDENTIALS.matcher(hidden).replaceAll("$1 " + HIDDEN);
  }

  private String withoutKnown(String text, boolean cutOff) {
    // Marked before anything is taken out, for one may hold another, or share a part with it.
    BitSet marked = new BitSet();
    // Collected anew: what may hold a secret is seldom told.
    for (String secret : known()) {
      for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
        marked.set(at, at + secret.length());
      }
      if (cutOff) marked.set(text.length() - lengthOfHalf(secret, text), text.length());
    }
    return without(marked, text);
  }

  /** Returns with how many characters of its beginning a secret stands at the end of a text. */
  private static int lengthOfHalf(String secret, String text) {
    int length = Math.min(secret.length(), text.length());
    while (!text.regionMatches(text.length() - length, secret, 0, length)) length--;
    return length;
  }

  private static String without(BitSet marked, String text) {
    StringBuilder rest = new StringBuilder();
    int end = 0;
    for (int at = marked.nextSetBit(0); at >= 0; at = marked.nextSetBit(end)) {
      rest.append(text, end, at).append(HIDDEN);
      end = marked.nextClearBit(at);
    }
    return rest.append(text, end, text.length()).toString();
  }

  private Set<String> known() {
    Set<String> known = others == null ? new HashSet<>() : others.known();
    headers.forEach(header -> add(header.value(), known));
    addEncoded(uri.getRawUserInfo(), known);
    String query = uri.getRawQuery();
    if (query != null) {
      PARAMETER_ENDS
          .splitAsStream(query)
          .map(parameter -> parameter.substring(parameter.indexOf('=') + 1))
          .forEach(value -> addEncoded(value, known));
    }
    return known;
  }

  private static void addEncoded(@Nullable String encoded, Set<String> known) {
    if (encoded == null) return;
    add(encoded, known);
    add(decoded(encoded), known);
  }

  /** Adds a secret and its parts, such as what follows the scheme of credentials. */
  private static void add(String secret, Set<String> known) {
    if (secret.length() >= SHORTEST) known.add(secret);
    WORD_ENDS.splitAsStream(secret).filter(part -> part.length() >= SHORTEST).forEach(known::add);
  }

  private static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, UTF_8.name());
    } catch (IllegalArgumentException e) {
      return encoded;
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e);
    }
  }
}
