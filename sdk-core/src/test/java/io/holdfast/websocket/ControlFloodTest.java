package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.Message;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.websocket.RecordingSink.Told.Pong;
import java.io.IOException;
import java.time.Duration;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class ControlFloodTest {

  @Test
  void framesAreCountedBySecondsOfTheirOwn() throws ProtocolViolated {
    VirtualClock clock = new VirtualClock();
    ControlFrameLimit limit = new ControlFrameLimit(3, clock);

    for (int second = 0; second < 5; second++) {
      for (int i = 0; i < 3; i++) limit.count();
      clock.advance(Duration.ofSeconds(1));
    }
    for (int i = 0; i < 3; i++) limit.count();
    clock.advance(Duration.ofSeconds(1).minusNanos(1));
    assertThatThrownBy(limit::count)
        .isInstanceOfSatisfying(
            ProtocolViolated.class, e -> assertThat(e.closeCode()).isEqualTo(1008))
        .hasMessage("control frames must be <= 3 a second");
  }

  @Test
  void pingsAboveTheLimitEndTheTransportWith1008() throws IOException {
    flood(RawFrame.ping(ByteString.encodeUtf8("p")));
  }

  @Test
  void pongsThatNobodyAskedForEndTheTransportWith1008() throws IOException {
    flood(RawFrame.pong(ByteString.encodeUtf8("p")));
  }

  private static void flood(RawFrame frame) throws IOException {
    try (RawServer server = RawServer.start()) {
      TransportRig rig = open(server, 20);
      RawSession session = server.accept();
      session.upgrade();
      rig.awaitOpen();
      Buffer frames = new Buffer();
      for (int i = 0; i < 21; i++) frames.write(frame.encode());
      session.send(frames.readByteString());

      if (frame.opcode() == RawFrame.PONG) {
        for (int i = 0; i < 20; i++) rig.sink.next(Pong.class);
      }
      assertThat(rig.sink.nextEnd(ProtocolViolated.class).closeCode()).isEqualTo(1008);
      RawFrame last = session.readFrame();
      while (last.opcode() == RawFrame.PONG) last = session.readFrame();
      assertThat(last.closeCode()).isEqualTo(1008);
      session.close();
      rig.assertEnds();
    }
  }

  @Test
  void pongsThatWeAskedForAreNoFlood() throws IOException {
    try (RawServer server = RawServer.start();
        TransportRig rig = open(server, 1)) {
      RawSession session = server.accept();
      session.upgrade();
      rig.awaitOpen();

      for (int i = 0; i < 50; i++) {
        String payload = "ping " + i;
        rig.ping(payload.getBytes(UTF_8));
        session.send(RawFrame.pong(session.readFrame().payload()));
        assertThat(rig.sink.next(Pong.class).payload().utf8()).isEqualTo(payload);
      }
    }
  }

  @Test
  void floodBelowTheLimitIsAnsweredByTheLatestAloneOnceThereIsRoom() throws IOException {
    try (RawServer server = RawServer.start();
        TransportRig rig = open(server, 1_000_000)) {
      RawSession session = server.accept();
      session.upgrade();
      rig.awaitOpen();
      // The writer cannot answer: nobody reads.
      rig.send(Message.binary(new byte[32 * 1024 * 1024]));
      rig.sink.awaitStall();
      Buffer frames = new Buffer();
      for (int i = 0; i < 20_000; i++) {
        frames.write(RawFrame.ping(ByteString.encodeUtf8(Integer.toString(i))).encode());
      }
      frames.write(RawFrame.text("end").encode());
      session.send(frames.readByteString());
      rig.sink.nextMessage("end");

      RawFrame pong = session.readFrame();
      while (pong.opcode() != RawFrame.PONG) pong = session.readFrame();
      assertThat(pong.text()).isEqualTo("19999");
    }
  }

  private static TransportRig open(RawServer server, int framesPerSecond) {
    return TransportRig.start(
        WebSocketTransportFactory.builder(TransportRig.CLIENT)
            .maxControlFramesPerSecond(framesPerSecond)
            .build(),
        ConnectRequest.builder(server.url()).build());
  }
}
