package io.holdfast.internal.network;

import static java.util.stream.Collectors.joining;

import io.holdfast.network.NetworkStatus;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the device is attached to networks at one moment.
 *
 * @param all addresses of interfaces that are up, but loopback
 * @param route4 the local address that IPv4 traffic to the Internet would have, or null
 * @param route6 the same for IPv6
 */
record Attachments(
    List<Attachment> all, @Nullable InetAddress route4, @Nullable InetAddress route6) {
  private static final int PREFIX_BYTES = 8;

  /** An address of an interface. */
  record Attachment(String interfaceName, InetAddress address) {}

  /** What connections are told of it. */
  NetworkStatus status() {
    return new NetworkStatus(!all.isEmpty(), label());
  }

  private String label() {
    String routes =
        Stream.of(route4, route6)
            .filter(Objects::nonNull)
            .map(route -> interfaceOf(route) + " " + lasting(route))
            .collect(joining(", "));
    return routes.isEmpty() ? labelWithoutRoute() : routes;
  }

  // A network that leads nowhere else, such as a machine's own.
  private String labelWithoutRoute() {
    return all.stream()
        .filter(attachment -> !attachment.address().isLinkLocalAddress())
        .map(attachment -> attachment.interfaceName() + " " + lasting(attachment.address()))
        .distinct()
        .sorted()
        .collect(joining(", "));
  }

  private String interfaceOf(InetAddress route) {
    return all.stream()
        .filter(attachment -> attachment.address().equals(route))
        .map(Attachment::interfaceName)
        .findFirst()
        .orElse("?");
  }

  // The second half of an IPv6 address is the device's own, and changes every day on the same
  // network (RFC 8981), while transports that have the old one go on.
  private static String lasting(InetAddress address) {
    if (!(address instanceof Inet6Address)) return address.getHostAddress();
    byte[] prefix = Arrays.copyOf(Arrays.copyOf(address.getAddress(), PREFIX_BYTES), 16);
    try {
      return InetAddress.getByAddress(prefix).getHostAddress() + "/64";
    } catch (UnknownHostException e) {
      throw new AssertionError("16 bytes are an address", e);
    }
  }
}
