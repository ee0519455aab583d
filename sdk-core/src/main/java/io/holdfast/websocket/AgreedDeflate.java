package io.holdfast.websocket;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The permessage-deflate that was offered and accepted (RFC 7692 section 7.1).
 *
 * @param serverTakeover whether the server's messages may refer to earlier ones
 * @param clientTakeover whether ours may
 * @param clientWindowBits how far back ours may refer
 */
record AgreedDeflate(boolean serverTakeover, boolean clientTakeover, int clientWindowBits) {
  private static final String NAME = "permessage-deflate";
  private static final String SERVER_ALONE = "server_no_context_takeover";
  private static final String CLIENT_ALONE = "client_no_context_takeover";
  private static final String SERVER_BITS = "server_max_window_bits";
  private static final String CLIENT_BITS = "client_max_window_bits";
  private static final int MOST_BITS = 15;

  /** Returns the header that offers {@code wanted}; null if nothing is offered. */
  static @Nullable String offer(Compression wanted) {
    if (!wanted.offered()) return null;
    StringBuilder offer = new StringBuilder(NAME);
    if (wanted.serverNoContextTakeover()) offer.append("; ").append(SERVER_ALONE);
    if (wanted.clientNoContextTakeover()) offer.append("; ").append(CLIENT_ALONE);
    if (wanted.serverMaxWindowBits() != 0) {
      offer.append("; ").append(SERVER_BITS).append('=').append(wanted.serverMaxWindowBits());
    }
    if (wanted.clientMaxWindowBits() != 0) {
      offer.append("; ").append(CLIENT_BITS).append('=').append(wanted.clientMaxWindowBits());
    }
    return offer.toString();
  }

  /**
   * Returns what the server made of the offer; null if it declined.
   *
   * @param headers each Sec-WebSocket-Extensions of the answer
   * @throws IllegalArgumentException with the rule that the answer breaks
   */
  static @Nullable AgreedDeflate of(Compression wanted, List<String> headers) {
    List<Extension> extensions = Extension.parseAll(headers);
    for (Extension extension : extensions) {
      if (!wanted.offered() || !extension.name().equals(NAME)) {
        throw new IllegalArgumentException("extension must be one that was offered");
      }
    }
    if (extensions.isEmpty()) return null;
    if (extensions.size() > 1) {
      throw new IllegalArgumentException("extension must be accepted once");
    }
    return accepted(wanted, extensions.get(0).parameters());
  }

  private static AgreedDeflate accepted(Compression wanted, Map<String, String> parameters) {
    boolean serverTakeover = true;
    boolean clientTakeover = !wanted.clientNoContextTakeover();
    int offeredBits = wanted.clientMaxWindowBits();
    int clientBits = offeredBits == 0 ? MOST_BITS : offeredBits;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String name = parameter.getKey();
      String value = parameter.getValue();
      switch (name) {
        case SERVER_ALONE -> serverTakeover = !alone(name, value);
        case CLIENT_ALONE -> clientTakeover = !alone(name, value);
        case SERVER_BITS -> bits(name, value, wanted.serverMaxWindowBits());
        case CLIENT_BITS -> {
          if (offeredBits == 0) throw new IllegalArgumentException(name + " was not offered");
          clientBits = bits(name, value, offeredBits);
        }
        default -> throw new IllegalArgumentException("extension parameter must not be " + name);
      }
    }
    return new AgreedDeflate(serverTakeover, clientTakeover, clientBits);
  }

  private static boolean alone(String name, String value) {
    if (value.isEmpty()) return true;
    throw new IllegalArgumentException(name + " must have no value but had " + value);
  }

  private static int bits(String name, String value, int offeredBits) {
    int most = offeredBits == 0 ? MOST_BITS : offeredBits;
    for (int bits = 8; bits <= most; bits++) {
      if (value.equals(Integer.toString(bits))) return bits;
    }
    throw new IllegalArgumentException(name + " must be 8 to " + most + " but was " + value);
  }
}
