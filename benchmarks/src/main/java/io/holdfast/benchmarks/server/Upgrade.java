package io.holdfast.benchmarks.server;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.util.List;

/** Answers the handshake, and becomes what the path asks for. */
// A write that fails also ends the connection, and with it the run.
@SuppressWarnings("FutureReturnValueIgnored")
final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final WebSocketDecoderConfig CONFIG =
      WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(1 << 20).build();

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    QueryStringDecoder asked = new QueryStringDecoder(request.uri());
    switch (asked.path()) {
      case "/count" -> count(context, request, messages(asked));
      case "/flood" -> become(context, request, new Flood(messages(asked)));
      case "/echo" -> become(context, request, new Echo());
      default -> context.close();
    }
  }

  private static int messages(QueryStringDecoder asked) {
    return Integer.parseInt(asked.parameters().getOrDefault("messages", List.of()).get(0));
  }

  private void become(ChannelHandlerContext context, FullHttpRequest request, ChannelHandler next) {
    new WebSocketServerHandshaker13(null, null, CONFIG).handshake(context.channel(), request);
    context.pipeline().replace(this, null, next);
  }

  private void count(ChannelHandlerContext context, FullHttpRequest request, int every) {
    new Counting(every).handshake(context.channel(), request);
    context.pipeline().replace(this, null, new ChannelInboundHandlerAdapter());
  }

  private static final class Counting extends WebSocketServerHandshaker13 {
    private final int every;

    Counting(int every) {
      super(null, null, CONFIG);
      this.every = every;
    }

    @Override
    protected WebSocketFrameDecoder newWebsocketDecoder() {
      return new FrameCounter(every);
    }
  }
}
