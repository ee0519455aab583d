package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawSession;
import java.io.IOException;
import okio.Buffer;
import okio.ByteString;

/** A message as a server reads it: one frame, or fragments with nothing between them. */
record RawMessage(int opcode, int frames, ByteString payload) {

  static RawMessage read(RawSession session) throws IOException {
    Buffer payload = new Buffer();
    RawFrame first = session.readFrame();
    assertThat(first.opcode()).isIn(RawFrame.TEXT, RawFrame.BINARY);
    payload.write(first.payload());
    int frames = 1;
    for (RawFrame next = first; !next.fin(); frames++) {
      next = session.readFrame();
      assertThat(next.opcode()).isEqualTo(RawFrame.CONTINUATION);
      payload.write(next.payload());
    }
    return new RawMessage(first.opcode(), frames, payload.readByteString());
  }
}
