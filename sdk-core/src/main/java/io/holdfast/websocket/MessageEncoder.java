package io.holdfast.websocket;

import io.holdfast.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message in one frame, or in fragments if it is large (RFC 6455 section 5.4), or hands it
 * to a deflater.
 */
final class MessageEncoder {

  /** Where other frames may stand between two of a message. */
  interface Gap {
    /**
     * Lets others pass.
     *
     * @param bytes how many of the message's own come before
     * @return false if the rest of the message is given up
     */
    boolean pass(int bytes) throws IOException;
  }

  private final FrameEncoder frames;
  private final int fragmentBytes;
  private final @Nullable MessageDeflater deflater;

  MessageEncoder(FrameEncoder frames, int fragmentBytes, @Nullable MessageDeflater deflater) {
    this.frames = frames;
    this.fragmentBytes = fragmentBytes;
    this.deflater = deflater;
  }

  /** Returns false if the gap gave the message up. */
  boolean write(Message message, Gap gap) throws IOException {
    int opcode = message instanceof Message.Text ? Opcode.TEXT : Opcode.BINARY;
    int size = message.size();
    if (deflater != null && deflater.wants(size)) {
      return deflater.write(frames, opcode, message.payload(), gap);
    }
    if (size > fragmentBytes) return writeFragments(opcode, message, gap);
    frames.frame(FrameEncoder.LAST | opcode, message, 0, size);
    return true;
  }

  private boolean writeFragments(int opcode, Message message, Gap gap) throws IOException {
    int size = message.size();
    int first = opcode;
    int at = 0;
    while (size - at > fragmentBytes) {
      frames.frame(first, message, at, at + fragmentBytes);
      first = Opcode.CONTINUATION;
      at += fragmentBytes;
      if (!gap.pass(at)) return false;
    }
    frames.frame(FrameEncoder.LAST | first, message, at, size);
    return true;
  }

  /** Frees what it holds. */
  void close() {
    if (deflater != null) deflater.close();
  }
}
