package io.holdfast.websocket;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ProtocolViolated;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's frames (RFC 6455 section 5) out of chunks of any size; how the bytes are cut
 * makes no difference to what is found. Whoever feeds it stops at the first exception.
 */
final class FrameDecoder {
  private enum Step {
    FIRST_BYTE,
    SECOND_BYTE,
    LENGTH,
    PAYLOAD,
    CLOSED
  }

  private final FrameHandler handler;
  private final MessageAssembler message;

  private Step step = Step.FIRST_BYTE;
  private boolean stopped;

  // The frame under way.
  private int opcode;
  private boolean last;
  private boolean compressed;
  private int lengthBytes;
  private int lengthBytesLeft;
  private long left;

  private final byte[] control = new byte[125];
  private int controlSize;

  FrameDecoder(InboundLimits limits, @Nullable MessageInflater inflater, FrameHandler handler) {
    this.handler = handler;
    message = new MessageAssembler(limits, inflater);
  }

  /**
   * Decodes until {@code end}, or until the handler stops it.
   *
   * @return the index of the first byte that is still to be decoded
   */
  int decode(byte[] chunk, int start, int end) throws ConnectionException {
    int at = start;
    stopped = false;
    while (at < end && !stopped) {
      switch (step) {
        case FIRST_BYTE -> firstByte(chunk[at++] & 0xff);
        case SECOND_BYTE -> secondByte(chunk[at++] & 0xff);
        case LENGTH -> lengthByte(chunk[at++] & 0xff);
        case PAYLOAD -> at = payload(chunk, at, end);
        case CLOSED -> at = end;
      }
    }
    return at;
  }

  /** Whether a message has begun that is not whole. */
  boolean isAmidMessage() {
    return message.isUnderWay();
  }

  private void firstByte(int bits) throws ProtocolViolated {
    last = (bits & 0x80) != 0;
    opcode = bits & 0x0f;
    compressed = (bits & 0x70) != 0;
    if (compressed) checkReserved(bits);
    if (!Opcode.isKnown(opcode)) throw violated("opcode must be a known one but was " + opcode);
    if (Opcode.isControl(opcode)) {
      if (!last) throw violated("control frame must not be fragmented");
    } else if ((opcode == Opcode.CONTINUATION) != message.isUnderWay()) {
      throw violated(
          message.isUnderWay()
              ? "message must end before the next begins"
              : "continuation must follow a fragment");
    }
    step = Step.SECOND_BYTE;
  }

  private void checkReserved(int bits) throws ProtocolViolated {
    if (!message.canInflate()) throw violated("RSV bits must be 0: no extension was negotiated");
    if ((bits & 0x30) != 0) throw violated("RSV2 and RSV3 must be 0");
    if (Opcode.isControl(opcode) || opcode == Opcode.CONTINUATION) {
      throw violated("RSV1 must stand on the first frame of a message alone");
    }
  }

  private void secondByte(int bits) throws ConnectionException {
    if ((bits & 0x80) != 0) throw violated("server's frame must not be masked");
    if (Opcode.isControl(opcode) && bits > 125) {
      throw violated("control frame must be <= 125 bytes");
    }
    if (bits <= 125) {
      beginPayload(bits);
      return;
    }
    lengthBytes = bits == 126 ? 2 : 8;
    lengthBytesLeft = lengthBytes;
    left = 0;
    step = Step.LENGTH;
  }

  private void lengthByte(int bits) throws ConnectionException {
    left = left << 8 | bits;
    if (--lengthBytesLeft > 0) return;
    if (left < 0) throw violated("frame length must be below 2^63");
    if (left < (lengthBytes == 2 ? 126 : 65536)) {
      throw violated("frame length must be written in the fewest bytes but " + left + " was not");
    }
    beginPayload(left);
  }

  private void beginPayload(long length) throws ConnectionException {
    left = length;
    controlSize = 0;
    if (!Opcode.isControl(opcode)) message.beginFragment(opcode, compressed, length);
    step = Step.PAYLOAD;
    // No byte of an empty payload will come to end it.
    if (length == 0) endFrame();
  }

  private int payload(byte[] chunk, int start, int end) throws ConnectionException {
    int count = (int) Math.min(left, end - start);
    if (Opcode.isControl(opcode)) {
      System.arraycopy(chunk, start, control, controlSize, count);
      controlSize += count;
    } else {
      message.add(chunk, start, start + count, left);
    }
    left -= count;
    if (left == 0) endFrame();
    return start + count;
  }

  private void endFrame() throws ConnectionException {
    step = Step.FIRST_BYTE;
    if (Opcode.isControl(opcode)) {
      endControlFrame(Arrays.copyOf(control, controlSize));
    } else if (last) {
      stopped = !handler.message(message.finish());
    }
  }

  private void endControlFrame(byte[] payload) throws ProtocolViolated {
    switch (opcode) {
      case Opcode.PING -> handler.ping(payload);
      case Opcode.PONG -> handler.pong(payload);
      default -> {
        step = Step.CLOSED;
        handler.close(CloseFrame.parse(payload));
      }
    }
  }

  /** Frees what it holds. */
  void close() {
    message.close();
  }

  private static ProtocolViolated violated(String rule) {
    return new ProtocolViolated(CloseFrame.PROTOCOL_ERROR, rule);
  }
}
