package io.holdfast.benchmarks.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;

/** Answers each message with a number of others, as fast as they are taken. */
// A write that fails also ends the connection, and with it the run.
@SuppressWarnings("FutureReturnValueIgnored")
final class Flood extends Echo {
  private static final int MESSAGES_OF_A_BLOCK = 1024;
  private static final int PAYLOAD_BYTES = 64;
  private static final int FRAME_BYTES = 2 + PAYLOAD_BYTES;
  private static final ByteBuf BLOCK = Unpooled.unreleasableBuffer(block());

  private final int messages;
  private int left;

  Flood(int messages) {
    this.messages = messages;
  }

  private static ByteBuf block() {
    ByteBuf block = Unpooled.directBuffer(MESSAGES_OF_A_BLOCK * FRAME_BYTES);
    for (int i = 0; i < MESSAGES_OF_A_BLOCK; i++) {
      block.writeByte(0x82).writeByte(PAYLOAD_BYTES).writeZero(PAYLOAD_BYTES);
    }
    return block.asReadOnly();
  }

  @Override
  void message(ChannelHandlerContext context, BinaryWebSocketFrame frame) {
    left += messages;
    pump(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    pump(context);
  }

  private void pump(ChannelHandlerContext context) {
    while (left > 0 && context.channel().isWritable()) {
      int count = Math.min(left, MESSAGES_OF_A_BLOCK);
      left -= count;
      // Frames already, which the encoder lets pass.
      context.writeAndFlush(BLOCK.slice(0, count * FRAME_BYTES));
    }
  }
}
