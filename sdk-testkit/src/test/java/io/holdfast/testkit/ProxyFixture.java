package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A proxy between plain sockets, and what tests say and hear through it. */
abstract class ProxyFixture {
  static final int PATIENCE_MILLIS = 5_000;
  static final int SILENCE_MILLIS = 50;

  private final Deque<Closeable> opened = new ArrayDeque<>();
  ServerSocket upstream;
  FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    upstream = keep(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    upstream.setSoTimeout(PATIENCE_MILLIS);
    proxy = keep(FaultProxy.to(upstream.getLocalPort()));
  }

  @AfterEach
  void nothingIsLeftOver() throws IOException {
    int port = proxy.port();
    while (!opened.isEmpty()) opened.pop().close();

    assertThat(proxy.liveConnections()).isZero();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("holdfast-fault-proxy"));
    assertThatThrownBy(() -> connect(port)).isInstanceOf(ConnectException.class);
  }

  record Pair(Socket client, Socket server) {}

  Pair pair() throws IOException {
    Socket client = connect(proxy.port());
    Socket server = keep(upstream.accept());
    server.setSoTimeout(PATIENCE_MILLIS);
    return new Pair(client, server);
  }

  Socket connect(int port) throws IOException {
    Socket socket = keep(new Socket(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  <T extends Closeable> T keep(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  static void say(Socket socket, int... bytes) throws IOException {
    byte[] message = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) message[i] = (byte) bytes[i];
    socket.getOutputStream().write(message);
  }

  static byte[] hear(Socket socket, int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static int writeUntilFull(SocketChannel channel) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    int written = 0;
    for (int count; (count = channel.write(chunk.clear())) > 0; ) written += count;
    return written;
  }

  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  static void assertReset(Socket socket) {
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  void assertEventually(Predicate<FaultProxy> condition) throws InterruptedException {
    assertThat(proxy.await(condition, Duration.ofMillis(PATIENCE_MILLIS))).isTrue();
  }
}
