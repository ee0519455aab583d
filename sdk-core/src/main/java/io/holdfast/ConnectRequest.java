package io.holdfast;

import static java.util.Objects.requireNonNull;

import io.holdfast.internal.Redaction;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What one attempt connects to (RFC 6455 section 4.1). Immutable. Its text leaves out header values
 * and the URI's query, for they may be secret.
 */
public final class ConnectRequest {
  private static final Set<String> OURS =
      Set.of("connection", "upgrade", "host", "content-length", "transfer-encoding");

  private final URI uri;
  private final List<Header> headers;
  private final List<String> protocols;

  private ConnectRequest(Builder builder) {
    uri = builder.uri;
    headers = List.copyOf(builder.headers);
    protocols = List.copyOf(builder.protocols);
  }

  /**
   * Returns a builder for {@code uri}.
   *
   * @throws IllegalArgumentException if its scheme is none of {@code ws}, {@code wss}, {@code http}
   *     and {@code https}, it has no host, or it has a fragment (RFC 6455 section 3)
   */
  public static Builder builder(URI uri) {
    return new Builder(uri);
  }

  /**
   * Returns the same request to another URI.
   *
   * @throws IllegalArgumentException as {@link #builder} says
   */
  public ConnectRequest withUri(URI uri) {
    return copyTo(uri).build();
  }

  /** Returns the same request with these subprotocols on offer, too, after its own. */
  public ConnectRequest withProtocols(List<String> more) {
    Builder builder = copyTo(uri);
    for (String protocol : more) {
      if (!protocols.contains(protocol)) builder.addProtocol(protocol);
    }
    return builder.build();
  }

  private Builder copyTo(URI uri) {
    Builder builder = new Builder(uri);
    builder.headers.addAll(headers);
    builder.protocols.addAll(protocols);
    return builder;
  }

  /** Returns the URI. */
  public URI uri() {
    return uri;
  }

  /** Returns the headers, in order. */
  public List<Header> headers() {
    return headers;
  }

  /** Returns the subprotocols on offer, the preferred first. */
  public List<String> protocols() {
    return protocols;
  }

  @Override
  public String toString() {
    return "ConnectRequest[" + Redaction.of(uri) + "]";
  }

  /**
   * One header of the upgrade request.
   *
   * @param name a token of RFC 9110 section 5.6.2
   * @param value printable ASCII, spaces and tabs
   */
  public record Header(String name, String value) {
    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if one has a character that it may not have, or the header
     *     is one of the handshake's own
     */
    public Header {
      requireToken("header name", name);
      String lower = name.toLowerCase(Locale.ROOT);
      if (OURS.contains(lower) || lower.startsWith("sec-websocket-")) {
        throw new IllegalArgumentException(
            "header must not be the handshake's own but was " + name);
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < 0x20 && c != '\t') || c >= 0x7f) {
          // The value may be secret, so only the place is told.
          throw new IllegalArgumentException(
              "value of header " + name + " must be printable ASCII but is not at index " + i);
        }
      }
    }

    @Override
    public String toString() {
      return name + ": ***";
    }
  }

  /** Builds a {@link ConnectRequest}. Not safe for use by several threads. */
  public static final class Builder {
    private final URI uri;
    private final List<Header> headers = new ArrayList<>();
    private final List<String> protocols = new ArrayList<>();

    private Builder(URI uri) {
      requireNonNull(uri, "uri");
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (!Set.of("ws", "wss", "http", "https").contains(scheme)) {
        throw new IllegalArgumentException(
            "uri scheme must be ws, wss, http or https but was " + uri.getScheme());
      }
      if (uri.getHost() == null) {
        throw new IllegalArgumentException("uri must have a host but was " + Redaction.of(uri));
      }
      if (uri.getRawFragment() != null) {
        throw new IllegalArgumentException(
            "uri must have no fragment but was " + Redaction.of(uri));
      }
      this.uri = uri;
    }

    /**
     * Adds a header, beside others of its name.
     *
     * @throws IllegalArgumentException as {@link Header} says
     */
    public Builder addHeader(String name, String value) {
      headers.add(new Header(name, value));
      return this;
    }

    /**
     * Offers a subprotocol (RFC 6455 section 1.9), less preferred than those before it.
     *
     * @throws IllegalArgumentException if {@code protocol} is no token, or is on offer already
     */
    public Builder addProtocol(String protocol) {
      requireToken("subprotocol", protocol);
      if (protocols.contains(protocol)) {
        throw new IllegalArgumentException("subprotocols must differ but had twice " + protocol);
      }
      protocols.add(protocol);
      return this;
    }

    /** Returns the request. */
    public ConnectRequest build() {
      return new ConnectRequest(this);
    }
  }

  private static void requireToken(String what, String value) {
    if (value.isEmpty())
      throw new IllegalArgumentException(what + " must be a token but was empty");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= 0x20 || c >= 0x7f || "()<>@,;:\\\"/[]?={}".indexOf(c) >= 0) {
        // A secret may have got here by mistake.
        throw new IllegalArgumentException(what + " must be a token but is not at index " + i);
      }
    }
  }
}
