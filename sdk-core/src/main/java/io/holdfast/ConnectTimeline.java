package io.holdfast;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt went, step by step, in nanoseconds. A step that did not take place, or was not
 * reached, took -1.
 *
 * @param dnsNanos looking the host up
 * @param tcpNanos the TCP connect that succeeded, or the last that failed
 * @param tlsNanos the TLS handshake
 * @param upgradeNanos from the request's first byte to the end of the answer's headers
 * @param totalNanos from the start of the attempt to its end
 * @param address the peer's address, null if no TCP connect was begun; a proxy's, if there is one
 * @param tlsVersion such as {@code TLSv1.3}; null without TLS
 */
public record ConnectTimeline(
    long dnsNanos,
    long tcpNanos,
    long tlsNanos,
    long upgradeNanos,
    long totalNanos,
    @Nullable InetSocketAddress address,
    @Nullable String tlsVersion) {

  /** The timeline of an attempt that reached no step, or of a transport that keeps none. */
  public static final ConnectTimeline EMPTY = new ConnectTimeline(-1, -1, -1, -1, -1, null, null);
}
