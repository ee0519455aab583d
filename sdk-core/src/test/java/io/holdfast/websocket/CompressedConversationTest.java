package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.testkit.TestServer;
import io.holdfast.websocket.RecordingSink.Told.Pong;
import io.holdfast.websocket.RecordingSink.Told.Received;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate with other ends: OkHttp's codec, and a script. */
class CompressedConversationTest {
  private static final String DEFLATE = "permessage-deflate";
  private static final Compression ALL = Compression.DEFAULT.withMinBytes(0);
  private static final ByteString HELLO = ByteString.decodeHex("f248cdc9c90700");
  private static final int ENDLESS = 32 * 1024 * 1024;

  @ParameterizedTest
  @ValueSource(
      strings = {
        DEFLATE,
        DEFLATE + "; server_no_context_takeover",
        DEFLATE + "; client_no_context_takeover",
        DEFLATE + "; client_no_context_takeover; server_no_context_takeover",
      })
  void messagesComeBackFromOkHttp(String agreed) throws IOException {
    try (TestServer server = TestServer.start()) {
      server.echo();
      server.upgradeHeaders("Sec-WebSocket-Extensions", agreed);
      try (TransportRig rig = start(ALL, server.url())) {
        assertThat(rig.awaitOpen().extensions()).isEqualTo(agreed);

        List<Message> sent = messages();
        for (Message message : sent) rig.send(message);
        for (Message message : sent) {
          assertThat(rig.sink.next(Received.class).message()).isEqualTo(message);
        }
      }
    }
  }

  private static List<Message> messages() {
    Random random = new Random(1);
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int size = random.nextInt(i % 50 == 0 ? 200_000 : 500);
      byte[] payload = new byte[size];
      random.nextBytes(payload);
      messages.add(i % 2 == 0 ? Message.binary(payload) : Message.text("é𝄞x".repeat(size / 8)));
    }
    return messages;
  }

  @Test
  void whatWasAgreedIsToldByTheConnection() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.echo();
      server.deflate();
      try (ManagedConnection connection = ManagedConnection.builder(server.url()).build()) {
        connection.open();
        connection.send("x".repeat(100_000)).toFuture().get();

        assertThat(connection.extensions()).isEqualTo(DEFLATE);
        assertThat(server.ledger().await(ledger -> ledger.arrivals() == 1, Duration.ofSeconds(5)))
            .isTrue();
      }
    }
  }

  @Test
  void onlyMessagesFromTheThresholdOnAreCompressed() throws IOException {
    try (RawServer server = RawServer.start();
        TransportRig rig = start(Compression.DEFAULT, server.url())) {
      RawSession session = accept(server, rig, DEFLATE);
      rig.send(Message.text("x".repeat(1023)));
      rig.send(Message.text("x".repeat(1024)));

      assertThat(session.readFrame().reserved()).isZero();
      RawFrame compressed = session.readFrame();
      assertThat(compressed.reserved()).isEqualTo(4);
      assertThat(compressed.payload().size()).isLessThan(30);
    }
  }

  @Test
  void nothingIsCompressedThatWasNotAgreed() throws IOException {
    try (RawServer server = RawServer.start()) {
      for (Compression offered : List.of(ALL, Compression.OFF)) {
        try (TransportRig rig = start(offered, server.url())) {
          RawSession session = server.accept();
          assertThat(session.headers().get("Sec-WebSocket-Extensions"))
              .isEqualTo(offered.offered() ? DEFLATE : null);
          session.upgrade();
          assertThat(rig.awaitOpen().extensions()).isEmpty();
          rig.send(Message.text("x".repeat(5000)));

          assertThat(session.readFrame().reserved()).isZero();
        }
      }
    }
  }

  @Test
  void parameterThatWasNotOfferedFailsTheHandshake() throws IOException {
    try (RawServer server = RawServer.start();
        TransportRig rig = start(ALL, server.url())) {
      server.accept().upgrade("Sec-WebSocket-Extensions", DEFLATE + "; client_max_window_bits=10");

      assertThat(rig.sink.nextEnd(HandshakeRejected.class))
          .hasMessage("handshake rejected: client_max_window_bits was not offered");
    }
  }

  @Test
  void eachTransportBeginsWithAContextOfItsOwn() throws IOException {
    try (RawServer server = RawServer.start()) {
      for (int i = 0; i < 2; i++) {
        try (TransportRig rig = start(ALL, server.url())) {
          RawSession session = accept(server, rig, DEFLATE);
          rig.send(Message.text("Hello"));

          assertThat(session.readFrame().payload().hex()).isEqualTo(HELLO.hex());
        }
      }
    }
  }

  @Test
  void controlFramesStandUncompressedBetweenCompressedFragments() throws IOException {
    byte[] noise = new byte[ENDLESS];
    new Random(1).nextBytes(noise);
    try (RawServer server = RawServer.start();
        TransportRig rig = start(ALL, server.url())) {
      RawSession session = accept(server, rig, DEFLATE);
      rig.send(Message.binary(noise));
      int stalledAt = rig.sink.awaitStall();
      session.send(RawFrame.ping(ByteString.encodeUtf8("alive?")));
      session.send(RawFrame.text("seen"));
      rig.sink.nextMessage("seen");

      RawFrame frame = session.readFrame();
      assertThat(frame.reserved()).isEqualTo(4);
      int fragments = 0;
      for (; frame.opcode() != RawFrame.PONG; frame = session.readFrame()) fragments++;
      assertThat(fragments).isBetween(1, stalledAt + 2);
      assertThat(frame.reserved()).isZero();
      assertThat(frame.text()).isEqualTo("alive?");
      frame = session.readFrame();
      for (; !frame.fin(); frame = session.readFrame()) assertThat(frame.reserved()).isZero();
      RecordingSink.await("written", () -> rig.source.written.get() == 1);
    }
  }

  @Test
  void bombIsAnsweredWith1009() throws IOException {
    try (RawServer server = RawServer.start();
        DeflatePeer peer = new DeflatePeer(true)) {
      TransportRig rig = start(ALL, server.url());
      RawSession session = accept(server, rig, DEFLATE);
      session.send(peer.frame(RawFrame.BINARY, ByteString.of(new byte[ENDLESS])));

      rig.sink.nextEnd(MessageTooLarge.class);
      assertThat(session.readFrame().closeCode()).isEqualTo(1009);
      session.close();
      rig.assertEnds();
    }
  }

  @Test
  void closeEndsTheTransportAndWhatItHolds() throws IOException {
    try (TestServer server = TestServer.start()) {
      server.echo();
      server.deflate();
      TransportRig rig = start(ALL, server.url());
      rig.awaitOpen();
      rig.send(Message.text("hello"));
      rig.sink.nextMessage("hello");
      rig.transport.close(1000, "");

      rig.sink.nextEnd(PeerClosed.class);
      // The timers of both states among them.
      rig.assertEnds();
    }
  }

  @Test
  void cancelEndsWhatIsUnderWayInBothDirections() throws IOException {
    byte[] noise = new byte[ENDLESS];
    new Random(1).nextBytes(noise);
    try (RawServer server = RawServer.start()) {
      TransportRig rig = start(ALL, server.url());
      RawSession session = accept(server, rig, DEFLATE);
      session.send(RawFrame.of(RawFrame.TEXT, false, HELLO).withReserved(4));
      session.send(RawFrame.ping(ByteString.EMPTY));
      session.send(RawFrame.pong(ByteString.encodeUtf8("the fragment is read")));
      rig.sink.next(Pong.class);
      rig.send(Message.binary(noise));
      rig.sink.awaitStall();

      // The timers of both states among what must be gone.
      rig.close();
      assertThat(rig.source.written).hasValue(0);
    }
  }

  private static TransportRig start(Compression compression, URI uri) {
    return TransportRig.start(
        WebSocketTransportFactory.builder(TransportRig.CLIENT).compression(compression).build(),
        ConnectRequest.builder(uri).build());
  }

  private static RawSession accept(RawServer server, TransportRig rig, String extensions)
      throws IOException {
    RawSession session = server.accept();
    session.upgrade("Sec-WebSocket-Extensions", extensions);
    assertThat(rig.awaitOpen().extensions()).isEqualTo(extensions);
    return session;
  }
}
