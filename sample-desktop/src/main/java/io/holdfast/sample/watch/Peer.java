package io.holdfast.sample.watch;

import io.holdfast.ConnectTimeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Whom an attempt spoke to, in words. */
final class Peer {
  private Peer() {}

  /** Returns address and TLS version; empty if no TCP connect was begun. */
  static Optional<String> words(ConnectTimeline timeline) {
    if (timeline.address() == null) return Optional.empty();
    String tls = timeline.tlsVersion() == null ? "" : ", " + timeline.tlsVersion();
    return Optional.of(address(timeline.address()) + tls);
  }

  /** Host and port in digits. */
  static String address(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    String host = resolved == null ? address.getHostString() : resolved.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
