package io.holdfast.benchmarks.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Sends each message back. */
// A write that fails also ends the connection, and with it the run.
@SuppressWarnings("FutureReturnValueIgnored")
class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {

  /** A message has come. */
  void message(ChannelHandlerContext context, BinaryWebSocketFrame frame) {
    context.writeAndFlush(frame.retain());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    if (frame instanceof BinaryWebSocketFrame binary) {
      message(context, binary);
    } else if (frame instanceof PingWebSocketFrame) {
      context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
    } else if (frame instanceof CloseWebSocketFrame) {
      context.close();
    }
  }
}
