package io.holdfast.benchmarks.subject;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Netty's codec with flush consolidation, on one event loop. */
// A write that fails also ends the connection, and with it the run.
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyReference implements Connection {
  private final EventLoopGroup loop;
  private final Channel channel;

  private NettyReference(EventLoopGroup loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  static Connection connect(URI uri, Arrivals arrivals) throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Receiving receiving = new Receiving(arrivals);
    Channel channel =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new Pipeline(uri, receiving))
            .connect(uri.getHost(), uri.getPort())
            .sync()
            .channel();
    receiving.opened.get(10, SECONDS);
    return new NettyReference(loop, channel);
  }

  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final URI uri;
    private final Receiving receiving;

    Pipeline(URI uri, Receiving receiving) {
      this.uri = uri;
      this.receiving = receiving;
    }

    @Override
    protected void initChannel(Channel channel) {
      WebSocketClientProtocolConfig config =
          WebSocketClientProtocolConfig.newBuilder().webSocketUri(uri).build();
      channel
          .pipeline()
          .addLast(new FlushConsolidationHandler(256, true))
          .addLast(new HttpClientCodec())
          .addLast(new HttpObjectAggregator(8192))
          .addLast(new WebSocketClientProtocolHandler(config))
          .addLast(receiving);
    }
  }

  private static final class Receiving extends SimpleChannelInboundHandler<BinaryWebSocketFrame> {
    private final CompletableFuture<Object> opened = new CompletableFuture<>();
    private final Arrivals arrivals;

    Receiving(Arrivals arrivals) {
      this.arrivals = arrivals;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) opened.complete(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, BinaryWebSocketFrame frame) {
      arrivals.message(frame, frame.content().readableBytes());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      opened.completeExceptionally(cause);
      context.close();
    }
  }

  @Override
  public void send(byte[] payload) {
    channel.writeAndFlush(
        new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload)), channel.voidPromise());
  }

  @Override
  public void close() {
    channel.close();
    loop.shutdownGracefully(0, 1, SECONDS).awaitUninterruptibly();
  }
}
