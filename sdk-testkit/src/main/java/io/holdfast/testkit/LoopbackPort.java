package io.holdfast.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A loopback port that stays ours while nothing listens on it.
 *
 * <p>A closed port from the ephemeral range is free for all: the kernel may give it to an outgoing
 * connection, even to one that is being opened to this very port, which then connects to itself. So
 * a socket that is bound but does not listen holds it, and connections to it are refused.
 */
final class LoopbackPort {
  private static final long BIND_LIMIT_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long BIND_PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private final int number;
  private @Nullable Socket holder;

  private LoopbackPort(Socket holder) {
    this.holder = holder;
    this.number = holder.getLocalPort();
  }

  /** Holds {@code port}, or any free one for 0. */
  static LoopbackPort held(int port) throws IOException {
    return new LoopbackPort(bound(port));
  }

  int number() {
    return number;
  }

  InetSocketAddress address() {
    return address(number);
  }

  static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /**
   * Takes the port back from a listener that was just closed; where the system refuses, no harm.
   */
  void hold() {
    if (holder != null) return;
    try {
      holder = bound(number);
    } catch (IOException systemForbids) {
      holder = null;
    }
  }

  void release() throws IOException {
    if (holder == null) return;
    holder.close();
    holder = null;
  }

  /** Releases the port and listens on it; tries again for five seconds while it is taken. */
  <T> T listen(Listening<T> listening) throws IOException {
    release();
    long startedAtNanos = System.nanoTime();
    while (true) {
      try {
        return listening.on(address());
      } catch (BindException taken) {
        if (System.nanoTime() - startedAtNanos > BIND_LIMIT_NANOS) throw taken;
        LockSupport.parkNanos(BIND_PAUSE_NANOS);
      }
    }
  }

  /** Opens a listener. */
  @FunctionalInterface
  interface Listening<T> {
    T on(InetSocketAddress address) throws IOException;
  }

  private static Socket bound(int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(true);
      socket.bind(address(port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
