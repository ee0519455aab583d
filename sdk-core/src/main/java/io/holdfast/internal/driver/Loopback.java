package io.holdfast.internal.driver;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a host is this device, by its name alone: nothing is looked up. */
final class Loopback {
  private static final Pattern LITERAL_4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private Loopback() {}

  static boolean isHostOf(URI uri) {
    @Nullable String host = uri.getHost();
    if (host == null) return false;
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        // RFC 6761.
        || name.endsWith(".localhost")
        || LITERAL_4.matcher(name).matches()
        || (name.startsWith("[") && isLoopback6(name));
  }

  private static boolean isLoopback6(String literal) {
    try {
      return InetAddress.getByName(literal).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
