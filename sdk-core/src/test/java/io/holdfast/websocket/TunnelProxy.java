package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy that tunnels to a port of this machine, whatever host it is asked for. */
final class TunnelProxy implements Closeable {
  /** What was asked for, such as {@code CONNECT host:port HTTP/1.1} or {@code SOCKS host:port}. */
  final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private final Proxy.Type type;
  private final int target;
  private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** Listens; {@code type} says which protocol. */
  TunnelProxy(Proxy.Type type, int target) throws IOException {
    this.type = type;
    this.target = target;
    threads.execute(this::accept);
  }

  Proxy proxy() {
    return new Proxy(
        type, new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket near) {
    try {
      if (type == Proxy.Type.HTTP) answerHttp(near);
      else answerSocks(near);
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(far);
      threads.execute(() -> pump(near, far));
      pump(far, near);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answerHttp(Socket near) throws IOException {
    DataInputStream in = new DataInputStream(near.getInputStream());
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) head.write(in.readByte());
    asked.add(head.toString(US_ASCII).lines().findFirst().orElseThrow());
    near.getOutputStream().write("HTTP/1.1 200 Fine\r\n\r\n".getBytes(US_ASCII));
  }

  // RFC 1928: no authentication, then CONNECT to a name or an IPv4 address.
  private void answerSocks(Socket near) throws IOException {
    DataInputStream in = new DataInputStream(near.getInputStream());
    OutputStream out = near.getOutputStream();
    in.readByte();
    in.readFully(new byte[in.readUnsignedByte()]);
    out.write(new byte[] {5, 0});
    in.readFully(new byte[3]);
    byte[] host = new byte[in.readByte() == 3 ? in.readUnsignedByte() : 4];
    boolean name = host.length != 4;
    in.readFully(host);
    String asText =
        name ? new String(host, US_ASCII) : InetAddress.getByAddress(host).getHostAddress();
    asked.add("SOCKS " + asText + ":" + in.readUnsignedShort());
    out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One of them has gone.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) socket.close();
    threads.shutdown();
    try {
      assertThat(threads.awaitTermination(5, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
