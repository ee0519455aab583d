package io.holdfast.testkit;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Two sockets and the two pipes between them. Everything here runs on the proxy's loop. */
final class ProxiedConnection {
  private final SocketChannel client;
  private final SocketChannel server;
  private final Pipe toServer;
  private final Pipe toClient;
  private final ProxyLoop loop;
  private final Consumer<ProxiedConnection> onEnd;
  private final Runnable onStruck;
  private OptionalLong wakeAtNanos = OptionalLong.empty();
  private boolean ended;

  ProxiedConnection(
      SocketChannel client,
      SocketChannel server,
      ProxyLoop loop,
      Lane toServer,
      Lane toClient,
      Consumer<ProxiedConnection> onEnd,
      Runnable onStruck) {
    this.client = client;
    this.server = server;
    this.toServer = new Pipe(client, server, toServer, onStruck);
    this.toClient = new Pipe(server, client, toClient, onStruck);
    this.loop = loop;
    this.onEnd = onEnd;
    this.onStruck = onStruck;
  }

  /** Starts a connection whose handshake with the server vanishes too. */
  void vanish() throws IOException {
    server.close();
    toClient.swallowEnd();
    loop.register(client, 0, this::ready);
    settle();
  }

  void start(InetSocketAddress upstream) throws IOException {
    loop.register(client, 0, this::ready);
    loop.register(server, OP_CONNECT, this::ready);
    try {
      server.connect(upstream);
      settle();
    } catch (IOException refused) {
      reset();
    }
  }

  /** True if a black hole took something from a stream, which must not go on with a gap. */
  boolean lossy() {
    return toServer.lossy() || toClient.lossy();
  }

  /** Closes both sockets with RST. */
  void reset() {
    for (SocketChannel channel : List.of(client, server)) {
      try {
        if (channel.isOpen()) channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException alreadyReset) {
        // Closing it is all that is left.
      }
    }
    end();
  }

  /** Closes both sockets with FIN. */
  void drop() {
    end();
  }

  /** Ends one direction, after what it holds, and leaves the other alone. */
  void halfClose(Direction direction) {
    pipe(direction).halfClose(loop.nowNanos());
    flowBoth();
  }

  Pipe pipe(Direction direction) {
    return direction == Direction.TO_SERVER ? toServer : toClient;
  }

  /** The lanes' faults have changed. */
  void lanesChanged() {
    long nowNanos = loop.nowNanos();
    toServer.laneChanged(nowNanos);
    toClient.laneChanged(nowNanos);
    flowBoth();
  }

  private void flowBoth() {
    if (ended || server.isConnectionPending()) return;
    flow(toServer);
    flow(toClient);
    settle();
  }

  private void ready(SelectionKey key) {
    if (ended) return;
    if (key.isConnectable()) {
      connect(key);
    } else {
      Pipe in = key.channel() == client ? toServer : toClient;
      Pipe out = in == toServer ? toClient : toServer;
      if (key.isReadable()) read(in);
      if (!ended && key.isValid() && key.isWritable()) flow(out);
    }
    settle();
  }

  private void connect(SelectionKey key) {
    try {
      server.finishConnect();
      key.interestOps(0);
    } catch (IOException refused) {
      lost(toClient);
    }
  }

  private void read(Pipe pipe) {
    try {
      pipe.read(loop.nowNanos());
      flow(pipe);
    } catch (IOException reset) {
      lost(pipe);
    }
  }

  private void flow(Pipe pipe) {
    if (ended) return;
    try {
      pipe.flow(loop.nowNanos());
      if (!pipe.cutDue()) return;
      onStruck.run();
      reset();
    } catch (IOException reset) {
      // The socket written to has answered with RST, which travels the other way.
      lost(pipe == toServer ? toClient : toServer);
    }
  }

  /** The socket that {@code pipe} reads from was reset, and the lane decides who learns of it. */
  private void lost(Pipe pipe) {
    if (pipe.lane.flow == Flow.PASS) {
      reset();
    } else {
      pipe.swallowEnd();
      close(pipe.from);
    }
  }

  /** Ends what has ended, and asks the selector for what can move now. */
  private void settle() {
    if (ended) return;
    boolean bothFinished = toServer.finished() && toClient.finished();
    if (bothFinished || !(client.isOpen() || server.isOpen())) {
      end();
      return;
    }
    if (server.isConnectionPending()) return;
    interest(client, toServer, toClient);
    interest(server, toClient, toServer);
    wakeFor(toServer);
    wakeFor(toClient);
  }

  /** Sets the timer that is needed, unless one that rings no later is set. */
  private void wakeFor(Pipe pipe) {
    OptionalLong wanted = pipe.nextFlowNanos(loop.nowNanos());
    if (wanted.isEmpty()) return;
    long atNanos = wanted.getAsLong();
    if (wakeAtNanos.isPresent() && wakeAtNanos.getAsLong() - atNanos <= 0) return;
    wakeAtNanos = wanted;
    loop.at(atNanos, () -> wake(wanted));
  }

  private void wake(OptionalLong atNanos) {
    if (wakeAtNanos.equals(atNanos)) wakeAtNanos = OptionalLong.empty();
    flowBoth();
  }

  private void interest(SocketChannel channel, Pipe in, Pipe out) {
    if (!channel.isOpen()) return;
    int ops = (in.wantsRead() ? OP_READ : 0) | (out.wantsWrite() ? OP_WRITE : 0);
    loop.interest(channel, ops);
  }

  private void end() {
    ended = true;
    close(client);
    close(server);
    onEnd.accept(this);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
