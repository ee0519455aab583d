package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.Message;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.websocket.RecordingSink.Told.Pong;
import java.io.IOException;
import java.util.Random;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large messages, and the frames that must not wait behind them. */
class FragmentTest {
  // More than any socket buffer takes.
  private static final int ENDLESS = 32 * 1024 * 1024;
  private static final int FRAGMENT = 16 * 1024;

  private RawServer server;
  private TransportRig rig;
  private RawSession session;

  @BeforeEach
  void open() throws IOException {
    server = RawServer.start();
    openWith(WebSocketTransportFactory.create(TransportRig.CLIENT));
  }

  private void openWith(WebSocketTransportFactory factory) throws IOException {
    rig = TransportRig.start(factory, ConnectRequest.builder(server.url()).build());
    session = server.accept();
    session.upgrade();
    rig.awaitOpen();
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
    server.close();
  }

  @Test
  void onlyWhatIsLargeIsFragmented() throws IOException {
    Random random = new Random(1);
    for (int frames = 1; frames <= 4; frames++) {
      for (int size : new int[] {frames * FRAGMENT - 1, frames * FRAGMENT}) {
        byte[] payload = new byte[size];
        random.nextBytes(payload);
        rig.send(Message.binary(payload));

        assertThat(RawMessage.read(session))
            .isEqualTo(new RawMessage(RawFrame.BINARY, frames, ByteString.of(payload)));
      }
    }
    rig.send(Message.text("é".repeat(FRAGMENT)));
    assertThat(RawMessage.read(session))
        .isEqualTo(new RawMessage(RawFrame.TEXT, 2, ByteString.encodeUtf8("é".repeat(FRAGMENT))));
  }

  @Test
  void theSizeIsTheAppsChoice() throws IOException {
    close();
    server = RawServer.start();
    openWith(WebSocketTransportFactory.builder(TransportRig.CLIENT).fragmentBytes(128).build());

    rig.send(Message.text("x".repeat(128)));
    rig.send(Message.text("x".repeat(129)));

    assertThat(RawMessage.read(session).frames()).isEqualTo(1);
    assertThat(RawMessage.read(session).frames()).isEqualTo(2);
  }

  @Test
  void pongWaitsForOneFragmentAtMost() throws IOException {
    rig.send(Message.binary(new byte[ENDLESS]));
    int stalledAt = rig.sink.awaitStall();
    session.send(RawFrame.ping(ByteString.encodeUtf8("outdated")));
    session.send(RawFrame.ping(ByteString.encodeUtf8("alive?")));
    session.send(RawFrame.text("seen"));
    rig.sink.nextMessage("seen");

    assertThat(fragmentsBefore(RawFrame.PONG, "alive?")).isBetween(1, stalledAt + 2);
    restOfTheMessageComes();
  }

  @Test
  void pingWaitsForOneFragmentAtMostAndTheMessageIsWrittenAfterItsLastByte() throws IOException {
    rig.send(Message.binary(new byte[ENDLESS]));
    int stalledAt = rig.sink.awaitStall();
    rig.ping("barrier".getBytes(UTF_8));

    int fragments = fragmentsBefore(RawFrame.PING, "barrier");
    assertThat(fragments).isBetween(1, stalledAt + 2);
    RecordingSink.await("ping written", () -> rig.source.pingsWritten.get() == 1);
    assertThat(rig.source.bytesBeforePing).hasValue((long) fragments * FRAGMENT);
    assertThat(rig.source.written).hasValue(0);
    session.send(RawFrame.pong(ByteString.encodeUtf8("barrier")));
    rig.sink.next(Pong.class);
    assertThat(rig.source.written).hasValue(0);
    restOfTheMessageComes();
  }

  @Test
  void closeWaitsForOneFragmentAtMostAndTheRestIsGivenUp() throws IOException {
    rig.send(Message.binary(new byte[ENDLESS]));
    int stalledAt = rig.sink.awaitStall();
    rig.transport.close(1001, "leaving");

    int fragments = 0;
    RawFrame frame = session.readFrame();
    for (; frame.opcode() != RawFrame.CLOSE; frame = session.readFrame()) fragments++;
    assertThat(fragments).isBetween(1, stalledAt + 2);
    assertThat(frame.closeReason()).isEqualTo("leaving");
    session.send(RawFrame.close(1001, ""));
    rig.sink.nextEnd(PeerClosed.class);
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);
    assertThat(rig.source.written).hasValue(0);
    session.close();
    rig.assertEnds();
  }

  @Test
  void answerToAPeersCloseDoesNotWaitForTheMessage() throws IOException {
    rig.send(Message.binary(new byte[ENDLESS]));
    int stalledAt = rig.sink.awaitStall();
    session.send(RawFrame.close(1001, ""));
    rig.sink.nextEnd(PeerClosed.class);

    int fragments = 0;
    RawFrame frame = session.readFrame();
    for (; frame.opcode() != RawFrame.CLOSE; frame = session.readFrame()) fragments++;
    assertThat(fragments).isBetween(1, stalledAt + 2);
    assertThat(rig.source.written).hasValue(0);
    session.close();
    rig.assertEnds();
  }

  /** Reads fragments up to a control frame of {@code opcode}, and counts them. */
  private int fragmentsBefore(int opcode, String payload) throws IOException {
    int fragments = 0;
    RawFrame frame = session.readFrame();
    for (; frame.opcode() != opcode; frame = session.readFrame()) {
      assertThat(frame.opcode()).isEqualTo(fragments == 0 ? RawFrame.BINARY : 0);
      assertThat(frame.payload().size()).isEqualTo(FRAGMENT);
      assertThat(frame.fin()).isFalse();
      fragments++;
    }
    assertThat(frame.text()).isEqualTo(payload);
    return fragments;
  }

  private void restOfTheMessageComes() throws IOException {
    RawFrame frame = session.readFrame();
    while (!frame.fin()) {
      assertThat(frame.opcode()).isEqualTo(RawFrame.CONTINUATION);
      frame = session.readFrame();
    }
    RecordingSink.await("written", () -> rig.source.written.get() == 1);
    assertThat(rig.sink.writesBegun).hasValue(1);
    assertThat(rig.sink.writesEnded).hasValue(1);
  }
}
