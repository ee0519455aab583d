package io.holdfast.internal.network;

import io.holdfast.internal.network.Attachments.Attachment;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operating system's interfaces, as the JDK shows them. */
final class JdkInterfaces implements Interfaces {
  // Addresses of documentation (RFC 5737, RFC 3849): they are reached by the default route, as any
  // other on the Internet is.
  private static final byte[] ANYWHERE_4 = {(byte) 198, 51, 100, 1};
  private static final byte[] ANYWHERE_6 = {
    0x20, 0x01, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
  };
  private static final int DISCARD_PORT = 9;

  @Override
  public Attachments look() throws IOException {
    return new Attachments(attachments(), route(ANYWHERE_4), route(ANYWHERE_6));
  }

  private static List<Attachment> attachments() throws SocketException {
    List<Attachment> all = new ArrayList<>();
    @Nullable Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
    // Android knows none in flight mode.
    if (interfaces == null) return all;
    for (NetworkInterface each : Collections.list(interfaces)) {
      if (!isLive(each)) continue;
      for (InetAddress address : Collections.list(each.getInetAddresses())) {
        all.add(new Attachment(each.getName(), address));
      }
    }
    return all;
  }

  private static boolean isLive(NetworkInterface each) {
    try {
      return each.isUp() && !each.isLoopback();
    } catch (SocketException e) {
      // It has gone since it was listed.
      return false;
    }
  }

  // To connect a datagram socket looks up the route, and sends nothing.
  private static @Nullable InetAddress route(byte[] anywhere) {
    try (DatagramSocket probe = new DatagramSocket()) {
      probe.connect(new InetSocketAddress(InetAddress.getByAddress(anywhere), DISCARD_PORT));
      InetAddress local = probe.getLocalAddress();
      return local.isAnyLocalAddress() || local.isLoopbackAddress() ? null : local;
    } catch (IOException e) {
      return null;
    }
  }
}
