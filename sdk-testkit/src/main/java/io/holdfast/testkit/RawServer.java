package io.holdfast.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A server that does nothing by itself: a test accepts a connection and plays the peer byte by
 * byte, legally or not.
 *
 * <pre>{@code
 * try (RawServer server = RawServer.start()) {
 *   // a client connects to server.url()
 *   RawSession session = server.accept();
 *   session.upgrade();
 *   session.send(RawFrame.text("hi"));
 *   RawFrame answer = session.readFrame();
 * }
 * }</pre>
 *
 * <p>It has no thread. Safe from any thread.
 */
public final class RawServer implements Closeable {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private static final int RECEIVE_BUFFER_BYTES = 16 * 1024;

  private final ServerSocketChannel listener;
  private final int port;
  private final Duration timeout;
  private final Queue<TimedSocket> accepted = new ConcurrentLinkedQueue<>();

  private RawServer(ServerSocketChannel listener, Duration timeout) throws IOException {
    this.listener = listener;
    this.port = listener.socket().getLocalPort();
    this.timeout = timeout;
  }

  /**
   * Starts a server on any free loopback port, on which each wait may take five seconds.
   *
   * @throws IOException if no port can be opened
   */
  public static RawServer start() throws IOException {
    return start(DEFAULT_TIMEOUT);
  }

  /**
   * Starts a server on any free loopback port.
   *
   * @param timeout how long each wait on the server and its sessions may take; at least 1 ms
   * @throws IOException if no port can be opened
   */
  public static RawServer start(Duration timeout) throws IOException {
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout must be >= PT0.001S but was " + timeout);
    }
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      // Before bind: accepted sockets inherit the size, and with it a small TCP window.
      listener.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      listener.bind(LoopbackPort.address(0));
      return new RawServer(listener, timeout);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  /** The port to connect to, on the loopback address. */
  public int port() {
    return port;
  }

  /** The server's address, {@code ws} and {@code 127.0.0.1}, with the path {@code /}. */
  public URI url() {
    return URI.create("ws://127.0.0.1:" + port + "/");
  }

  /**
   * Waits for a connection and reads its request head, which is left to the test to answer.
   *
   * @throws SocketTimeoutException if no connection, or no whole head, comes in time
   * @throws IOException if the connection fails
   */
  public RawSession accept() throws IOException {
    TimedSocket socket = new TimedSocket(acceptChannel(), timeout);
    accepted.add(socket);
    return new RawSession(socket);
  }

  private SocketChannel acceptChannel() throws IOException {
    try {
      listener.socket().setSoTimeout(Math.toIntExact(timeout.toMillis()));
      return listener.socket().accept().getChannel();
    } catch (SocketTimeoutException e) {
      SocketTimeoutException clear = new SocketTimeoutException("no connection in " + timeout);
      clear.initCause(e);
      throw clear;
    }
  }

  /** Closes the port and every session. */
  @Override
  public void close() throws IOException {
    listener.close();
    for (TimedSocket socket; (socket = accepted.poll()) != null; ) socket.close();
  }
}
