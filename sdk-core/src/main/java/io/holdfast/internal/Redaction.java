package io.holdfast.internal;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** URIs for logs and texts: without user information and query, for both may be secret. */
public final class Redaction {
  private Redaction() {}

  /** Returns {@code uri} for people to read. */
  public static String of(@Nullable URI uri) {
    if (uri == null) return "null";
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + uri.getHost() + port + path;
  }
}
