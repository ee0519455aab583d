package io.holdfast.testkit;

import static java.net.StandardSocketOptions.SO_RCVBUF;
import static java.net.StandardSocketOptions.SO_SNDBUF;
import static java.net.StandardSocketOptions.TCP_NODELAY;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A TCP path over loopback that fails on command: it listens on one port and passes bytes to and
 * from another.
 *
 * <p>Each fault is a verb. It may be called from any thread, is wholly in effect when it returns,
 * and returns how many live connections it met. Faults add up until {@link #pass} heals them all;
 * for one direction the last of {@link #blackHole} and {@link #stall} counts.
 *
 * <p>The proxy has one daemon thread and small socket buffers (32 KiB asked of the kernel for each
 * socket and direction), so that a reader's stall is soon felt by the writer. An upstream port that
 * refuses shows as a reset, since the proxy has accepted by then.
 *
 * <p>Counts may be read from any thread and follow the network by a moment, so that a test does
 * well to {@link #await} them. After {@link #close} they stay readable, and verbs throw {@link
 * IllegalStateException}.
 */
public final class FaultProxy implements Closeable {
  private static final int SOCKET_BUFFER_BYTES = 32 * 1024;
  private static final int BACKLOG = 1024;

  private final LoopbackPort port;
  private final Changes changes = new Changes();
  private final Lane toServer = new Lane();
  private final Lane toClient = new Lane();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger live = new AtomicInteger();
  private final ProxyLoop loop;
  private volatile int upstreamPort;

  // The loop owns the fields below, and the port once it runs.
  private final Set<ProxiedConnection> connections = new LinkedHashSet<>();
  private @Nullable ServerSocketChannel listener;

  private FaultProxy(int upstreamPort) throws IOException {
    this.upstreamPort = upstreamPort;
    this.port = LoopbackPort.held(0);
    this.loop = new ProxyLoop("holdfast-fault-proxy-" + port.number(), changes, this::cutAll);
  }

  /**
   * Starts a proxy to {@code upstreamPort} on loopback. Nothing needs to listen there yet.
   *
   * @throws IOException if no port can be opened
   */
  public static FaultProxy to(int upstreamPort) throws IOException {
    FaultProxy proxy = new FaultProxy(upstreamPort);
    proxy.listen();
    proxy.loop.start();
    return proxy;
  }

  /** The port to connect to, on the loopback address; the same for the proxy's whole life. */
  public int port() {
    return port.number();
  }

  /**
   * Sends connections that come from now on to {@code port}; those that live stay where they are.
   */
  public void upstream(int port) {
    upstreamPort = port;
  }

  /**
   * Heals every fault: bytes flow, stalled ones first, and new connections are accepted.
   *
   * <p>A connection that lost something in a black hole (a byte, a FIN, its whole handshake) is
   * reset, because its stream would go on with a gap. One that was idle all the while lives on.
   *
   * @return how many connections were reset
   * @throws UncheckedIOException if the port was refused and is still taken by someone else after
   *     five seconds
   */
  public int pass() {
    return loop.call(
        () -> {
          if (listener == null) listen();
          toServer.flow = Flow.PASS;
          toClient.flow = Flow.PASS;
          List<ProxiedConnection> lossy =
              connections.stream().filter(ProxiedConnection::lossy).toList();
          lossy.forEach(ProxiedConnection::reset);
          flowsChanged();
          return lossy.size();
        });
  }

  /**
   * Lets everything vanish in both directions, as on a path whose far end is gone.
   *
   * <p>The proxy reads on, so that no writer blocks. No FIN and no RST is passed on, and new
   * connections are accepted and lead nowhere. What the proxy held at this moment vanishes too.
   *
   * @return how many connections live
   */
  public int blackHole() {
    return flow(Flow.DROP, toServer, toClient);
  }

  /**
   * Lets everything vanish in one direction, as {@link #blackHole()} does in both. The other
   * direction is untouched, but new connections lead nowhere: half a path completes no handshake.
   *
   * @return how many connections live
   */
  public int blackHole(Direction direction) {
    return flow(Flow.DROP, lane(direction));
  }

  /**
   * Stops reading in both directions. No byte is lost; the writers' buffers fill until they block,
   * which on Linux, where a send buffer grows by itself, may take 4 MiB and more. New connections
   * are accepted, and wait.
   *
   * @return how many connections live
   */
  public int stall() {
    return flow(Flow.STALL, toServer, toClient);
  }

  /**
   * Stops reading in one direction, as {@link #stall()} does in both.
   *
   * @return how many connections live
   */
  public int stall(Direction direction) {
    return flow(Flow.STALL, lane(direction));
  }

  /**
   * Cuts every live connection with an RST to both sides. New ones are accepted as before.
   *
   * @return how many connections were cut
   */
  public int reset() {
    return loop.call(this::cutAll);
  }

  /**
   * Closes the port: new connections are refused, live ones are left alone. The port stays reserved
   * for {@link #pass}.
   *
   * @return how many connections live
   */
  public int refuse() {
    return loop.call(
        () -> {
          if (listener != null) {
            // Those that the kernel has already let in came before the refusal.
            acceptAll(listener);
            listener.close();
            listener = null;
            loop.settle();
            port.hold();
          }
          return connections.size();
        });
  }

  /** How many connections were accepted since the start. */
  public int connections() {
    return accepted.get();
  }

  /** How many connections have a socket open in the proxy, those in a black hole included. */
  public int liveConnections() {
    return live.get();
  }

  /** How many bytes the proxy has written in {@code direction} since the start. */
  public long passedBytes(Direction direction) {
    return lane(direction).passedBytes.get();
  }

  /** How many bytes have vanished on their way in {@code direction} since the start. */
  public long droppedBytes(Direction direction) {
    return lane(direction).droppedBytes.get();
  }

  /**
   * Waits until {@code condition}, made of this proxy's counts, holds.
   *
   * @return false if it did not within {@code timeout}
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean await(Predicate<FaultProxy> condition, Duration timeout)
      throws InterruptedException {
    return changes.await(() -> condition.test(this), timeout);
  }

  /** Closes the port, cuts every connection, and returns when the thread has ended. */
  @Override
  public void close() throws IOException {
    loop.close();
    port.release();
  }

  private Lane lane(Direction direction) {
    return direction == Direction.TO_SERVER ? toServer : toClient;
  }

  private int flow(Flow flow, Lane... lanes) {
    return loop.call(
        () -> {
          for (Lane lane : lanes) lane.flow = flow;
          flowsChanged();
          return connections.size();
        });
  }

  private int cutAll() {
    List<ProxiedConnection> all = List.copyOf(connections);
    all.forEach(ProxiedConnection::reset);
    return all.size();
  }

  private void flowsChanged() {
    List.copyOf(connections).forEach(ProxiedConnection::flowsChanged);
  }

  private void listen() throws IOException {
    ServerSocketChannel opened = port.listen(FaultProxy::listener);
    loop.register(opened, SelectionKey.OP_ACCEPT, key -> acceptAll(opened));
    listener = opened;
  }

  private static ServerSocketChannel listener(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      // Before bind: accepted sockets inherit the size, and with it a small TCP window.
      channel.setOption(SO_RCVBUF, SOCKET_BUFFER_BYTES);
      channel.bind(address, BACKLOG);
      channel.configureBlocking(false);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void acceptAll(ServerSocketChannel from) {
    try {
      for (SocketChannel client; (client = from.accept()) != null; ) adopt(client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void adopt(SocketChannel client) throws IOException {
    SocketChannel server = SocketChannel.open();
    prepare(client);
    prepare(server);
    ProxiedConnection connection =
        new ProxiedConnection(client, server, loop, toServer, toClient, this::ended);
    connections.add(connection);
    accepted.incrementAndGet();
    live.incrementAndGet();
    if (toServer.flow == Flow.DROP || toClient.flow == Flow.DROP) {
      connection.vanish();
    } else {
      connection.start(LoopbackPort.address(upstreamPort));
    }
  }

  private static void prepare(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(TCP_NODELAY, true);
    channel.setOption(SO_SNDBUF, SOCKET_BUFFER_BYTES);
    channel.setOption(SO_RCVBUF, SOCKET_BUFFER_BYTES);
  }

  private void ended(ProxiedConnection connection) {
    if (connections.remove(connection)) live.decrementAndGet();
  }
}
