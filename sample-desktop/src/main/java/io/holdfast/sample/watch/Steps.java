package io.holdfast.sample.watch;

import io.holdfast.ConnectTimeline;
import io.holdfast.sample.Texts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How an attempt went, step by step, in words. */
final class Steps {
  private Steps() {}

  /** Returns the steps that took place; empty if there was none. */
  static Optional<String> words(ConnectTimeline timeline) {
    List<String> steps = new ArrayList<>();
    add(steps, "dns", timeline.dnsNanos());
    add(steps, "tcp", timeline.tcpNanos());
    add(steps, "tls", timeline.tlsNanos());
    add(steps, "upgrade", timeline.upgradeNanos());
    if (timeline.tlsVersion() != null) steps.add(timeline.tlsVersion());
    if (timeline.address() != null) steps.add(address(timeline.address()));
    return steps.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", steps));
  }

  private static void add(List<String> steps, String name, long nanos) {
    if (nanos >= 0) steps.add(name + " " + Texts.millis(Duration.ofNanos(nanos)));
  }

  /** Host and port in digits. */
  static String address(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    String host = resolved == null ? address.getHostString() : resolved.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
