package io.holdfast.benchmarks.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import java.util.List;

/**
 * Counts messages by their frames' headers and skips their payloads, so that the server's share of
 * the machine stays small and the same for every subject. Each time that {@code every} more have
 * come it says so with a message of its own.
 */
// A write that fails also ends the connection, and with it the run.
@SuppressWarnings("FutureReturnValueIgnored")
final class FrameCounter extends ByteToMessageDecoder implements WebSocketFrameDecoder {
  private static final int PING = 9;
  private static final int CLOSE = 8;
  private static final int MASK_BYTES = 4;

  private final int every;
  private int counted;
  // Of the data frame under way.
  private long bytesToSkip;
  private boolean endsMessage;

  FrameCounter(int every) {
    this.every = every;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    while (in.isReadable()) {
      if (bytesToSkip > 0) {
        skip(context, in);
      } else if (!begin(context, in)) {
        return;
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    context.flush();
    super.channelReadComplete(context);
  }

  private void skip(ChannelHandlerContext context, ByteBuf in) {
    int count = (int) Math.min(bytesToSkip, in.readableBytes());
    in.skipBytes(count);
    bytesToSkip -= count;
    if (bytesToSkip == 0 && endsMessage) count(context);
  }

  /** Reads a header, of a control frame all; returns false if it is not there yet. */
  private boolean begin(ChannelHandlerContext context, ByteBuf in) {
    if (in.readableBytes() < 2) return false;
    int at = in.readerIndex();
    int first = in.getUnsignedByte(at);
    int opcode = first & 0x0f;
    int shortLength = in.getUnsignedByte(at + 1) & 0x7f;
    int lengthBytes = shortLength == 127 ? 8 : shortLength == 126 ? 2 : 0;
    int header = 2 + lengthBytes + MASK_BYTES;
    int needed = opcode >= CLOSE ? header + shortLength : header;
    if (in.readableBytes() < needed) return false;
    if (opcode >= CLOSE) {
      control(context, opcode, in.getInt(at + 2), in.slice(at + header, shortLength));
      in.skipBytes(needed);
      return true;
    }
    bytesToSkip =
        switch (lengthBytes) {
          case 8 -> in.getLong(at + 2);
          case 2 -> in.getUnsignedShort(at + 2);
          default -> shortLength;
        };
    endsMessage = (first & 0x80) != 0;
    in.skipBytes(header);
    if (bytesToSkip == 0 && endsMessage) count(context);
    return true;
  }

  private void count(ChannelHandlerContext context) {
    if (++counted < every) return;
    counted = 0;
    ByteBuf told = Unpooled.wrappedBuffer(new byte[Long.BYTES]);
    context.channel().write(new BinaryWebSocketFrame(told));
  }

  private static void control(ChannelHandlerContext context, int opcode, int key, ByteBuf masked) {
    if (opcode == CLOSE) context.close();
    if (opcode != PING) return;
    ByteBuf payload = Unpooled.buffer(masked.readableBytes());
    for (int i = 0; masked.isReadable(); i++) {
      payload.writeByte(masked.readByte() ^ (key >>> (24 - 8 * (i & 3))));
    }
    context.channel().write(new PongWebSocketFrame(payload));
  }
}
