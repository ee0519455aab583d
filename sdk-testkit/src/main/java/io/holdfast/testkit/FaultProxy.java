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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A TCP path over loopback that fails on command: it listens on one port and passes bytes to and
 * from another.
 *
 * <p>Each fault is a verb. It may be called from any thread, is wholly in effect when it returns,
 * and returns how many live connections it met. Faults add up until {@link #pass} heals them all;
 * for one direction the last of {@link #blackHole} and {@link #stall} counts. Some verbs lie in
 * wait ({@link #cutAfter}, {@link #corruptAfter}, {@link #refuseNext}, {@link #acceptAndDrop}), and
 * {@link #struck} tells when they strike.
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
  private final AtomicInteger struck = new AtomicInteger();
  private final ProxyLoop loop;
  private volatile int upstreamPort;

  // The loop owns the fields below, and the port once it runs.
  private final Set<ProxiedConnection> connections = new LinkedHashSet<>();
  private @Nullable ServerSocketChannel listener;
  private int refusalsLeft;
  private boolean dropping;

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
   * Heals every fault: bytes flow, at full speed and held ones first, marks are gone, and new
   * connections are accepted.
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
          toServer.heal();
          toClient.heal();
          refusalsLeft = 0;
          dropping = false;
          List<ProxiedConnection> lossy =
              connections.stream().filter(ProxiedConnection::lossy).toList();
          lossy.forEach(ProxiedConnection::reset);
          for (ProxiedConnection connection : connections) {
            for (Direction direction : Direction.values()) connection.pipe(direction).mark();
          }
          lanesChanged();
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

  /**
   * Lets at most {@code bytesPerSecond} through, for each connection and in both directions, live
   * and new ones alike. Bytes go in bursts of at most ten milliseconds' worth.
   *
   * @param bytesPerSecond at least 1
   * @return how many connections live
   */
  public int throttle(long bytesPerSecond) {
    checkPositive("throttle", bytesPerSecond);
    return change(lane -> lane.bytesPerSecond = bytesPerSecond, toServer, toClient);
  }

  /** Throttles one direction, as {@link #throttle(long)} does both. */
  public int throttle(Direction direction, long bytesPerSecond) {
    checkPositive("throttle", bytesPerSecond);
    return change(lane -> lane.bytesPerSecond = bytesPerSecond, lane(direction));
  }

  /**
   * Delivers what arrives from now on, in both directions and in live and new connections alike,
   * {@code delay} later than it would have come.
   *
   * @param delay for each direction, so that a round trip takes twice as long; not negative
   * @return how many connections live
   */
  public int delay(Duration delay) {
    return delay(delay, Duration.ZERO, 0);
  }

  /**
   * Delays both directions by {@code delay} and a random time of up to {@code jitter} more, drawn
   * anew for each piece that is read. Order is kept, as TCP keeps it: a piece that draws a short
   * time waits for those before it.
   *
   * <p>The end of a stream is delayed like its bytes; an RST is not. A path holds up to 1 MiB for
   * each connection and direction; a writer that is ahead by more has to wait.
   *
   * @param delay not negative
   * @param jitter not negative
   * @param seed of the jitter: the same pieces in the same order draw the same times
   * @return how many connections live
   */
  public int delay(Duration delay, Duration jitter, long seed) {
    return delayed(delay, jitter, seed, toServer, toClient);
  }

  /** Delays one direction, as {@link #delay(Duration, Duration, long)} does both. */
  public int delay(Direction direction, Duration delay, Duration jitter, long seed) {
    return delayed(delay, jitter, seed, lane(direction));
  }

  private int delayed(Duration delay, Duration jitter, long seed, Lane... lanes) {
    checkNotNegative("delay", delay.toNanos());
    checkNotNegative("jitter", jitter.toNanos());
    return change(
        lane -> lane.latency = new Latency(delay.toNanos(), jitter.toNanos(), seed), lanes);
  }

  /**
   * Ends one direction of every live connection with FIN, after the bytes that the proxy holds, and
   * leaves the other direction alone. What the sender says later is read and dropped. Where the
   * direction is stalled, the FIN waits too; in a black hole it vanishes. New connections are not
   * touched.
   *
   * @return how many connections live
   */
  public int halfClose(Direction direction) {
    return loop.call(
        () -> {
          int met = connections.size();
          List.copyOf(connections).forEach(connection -> connection.halfClose(direction));
          return met;
        });
  }

  /**
   * Cuts each connection, with an RST to both sides, once {@code bytes} more have passed in {@code
   * direction}: from now on in live ones, from their start in those that come later. Inside a frame
   * this is a reset in mid-frame.
   *
   * <p>A receiver that reads gets all bytes before the cut; what waits in the kernel for one that
   * does not may be lost.
   *
   * @param bytes at least 1
   * @return how many connections live
   */
  public int cutAfter(Direction direction, long bytes) {
    checkPositive("bytes before the cut", bytes);
    return mark(direction, lane -> lane.cutAfterBytes = bytes, Pipe::markCut);
  }

  /**
   * Inverts all bits of one byte of each connection: the one that follows {@code bytes} more in
   * {@code direction}, counted from now on in live connections and from their start in those that
   * come later. TCP's checksum does not find it.
   *
   * @param bytes not negative; 0 for the next byte
   * @return how many connections live
   */
  public int corruptAfter(Direction direction, long bytes) {
    checkNotNegative("bytes before the corruption", bytes);
    return mark(direction, lane -> lane.corruptAfterBytes = bytes, Pipe::markCorrupt);
  }

  private int mark(Direction direction, Consumer<Lane> mark, Consumer<Pipe> set) {
    return loop.call(
        () -> {
          mark.accept(lane(direction));
          for (ProxiedConnection connection : connections) set.accept(connection.pipe(direction));
          return connections.size();
        });
  }

  /**
   * Turns the next {@code count} connections away with an RST as soon as they are accepted, and
   * lets those after them in. A client may see them open for a moment: the kernel refuses only for
   * a closed port, which cannot count ({@link #refuse}).
   *
   * @param count not negative; 0 to stop
   * @return how many connections live
   */
  public int refuseNext(int count) {
    checkNotNegative("connections to refuse", count);
    return loop.call(
        () -> {
          refusalsLeft = count;
          return connections.size();
        });
  }

  /**
   * Accepts every new connection and closes it at once, with FIN or, if bytes had come, RST. Live
   * ones are left alone.
   *
   * @return how many connections live
   */
  public int acceptAndDrop() {
    return loop.call(
        () -> {
          dropping = true;
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
   * How often a fault that lay in wait has struck a connection since the start: {@link #cutAfter},
   * {@link #corruptAfter}, {@link #refuseNext} and {@link #acceptAndDrop}.
   */
  public int struck() {
    return struck.get();
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

  private static void checkPositive(String what, long value) {
    if (value < 1) throw new IllegalArgumentException(what + " must be >= 1 but was " + value);
  }

  private static void checkNotNegative(String what, long value) {
    if (value < 0) throw new IllegalArgumentException(what + " must be >= 0 but was " + value);
  }

  private int flow(Flow flow, Lane... lanes) {
    return change(lane -> lane.flow = flow, lanes);
  }

  private int change(Consumer<Lane> change, Lane... lanes) {
    return loop.call(
        () -> {
          for (Lane lane : lanes) change.accept(lane);
          lanesChanged();
          return connections.size();
        });
  }

  private int cutAll() {
    List<ProxiedConnection> all = List.copyOf(connections);
    all.forEach(ProxiedConnection::reset);
    return all.size();
  }

  private void lanesChanged() {
    List.copyOf(connections).forEach(ProxiedConnection::lanesChanged);
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
        new ProxiedConnection(
            client, server, loop, toServer, toClient, this::ended, struck::incrementAndGet);
    connections.add(connection);
    accepted.incrementAndGet();
    live.incrementAndGet();
    if (refusalsLeft > 0 || dropping) {
      turnAway(connection);
    } else if (toServer.flow == Flow.DROP || toClient.flow == Flow.DROP) {
      connection.vanish();
    } else {
      connection.start(LoopbackPort.address(upstreamPort));
    }
  }

  private void turnAway(ProxiedConnection connection) {
    if (refusalsLeft > 0) {
      refusalsLeft--;
      connection.reset();
    } else {
      connection.drop();
    }
    struck.incrementAndGet();
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
