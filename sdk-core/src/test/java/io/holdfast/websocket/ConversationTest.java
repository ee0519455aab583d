package io.holdfast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.Message;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.websocket.RecordingSink.Told.Opened;
import io.holdfast.websocket.RecordingSink.Told.Pong;
import io.holdfast.websocket.RecordingSink.Told.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConversationTest {
  private RawServer server;
  private TransportRig rig;
  private RawSession session;
  private Opened opened;

  @BeforeEach
  void open() throws IOException {
    server = RawServer.start();
    rig = TransportRig.start(server.url());
    session = server.accept();
    session.upgrade();
    opened = rig.awaitOpen();
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
    session.awaitEnd();
    server.close();
  }

  @Test
  void timelineSaysHowTheAttemptWent() {
    // An address needs no DNS.
    assertThat(opened.timeline().dnsNanos()).isEqualTo(-1);
    assertThat(opened.timeline().tcpNanos()).isPositive();
    assertThat(opened.timeline().tlsNanos()).isEqualTo(-1);
    assertThat(opened.timeline().upgradeNanos()).isPositive();
    assertThat(opened.timeline().totalNanos())
        .isGreaterThanOrEqualTo(opened.timeline().tcpNanos() + opened.timeline().upgradeNanos())
        .isLessThan(Duration.ofSeconds(10).toNanos());
    assertThat(opened.timeline().address())
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    assertThat(opened.timeline().tlsVersion()).isNull();
  }

  @Test
  void textAndBinaryGoBothWays() throws IOException {
    session.send(RawFrame.text("grüße"));
    session.send(RawFrame.binary((byte) 1, (byte) 2));
    rig.sink.nextMessage("grüße");
    assertThat(rig.sink.next(Received.class).message())
        .isEqualTo(Message.binary(new byte[] {1, 2}));

    rig.send(Message.text("hello"));
    assertThat(session.readFrame().text()).isEqualTo("hello");
    rig.send(Message.binary(new byte[] {3}));
    RawFrame binary = session.readFrame();
    assertThat(binary.opcode()).isEqualTo(RawFrame.BINARY);
    assertThat(binary.payload().hex()).isEqualTo("03");
    assertThat(binary.maskKey()).isNotNull();
  }

  @Test
  void fragmentsMakeOneMessageAndControlFramesMayStandBetween() throws IOException {
    session.send(RawFrame.text("one ").withFin(false));
    session.send(RawFrame.pong(ByteString.encodeUtf8("p")));
    session.send(RawFrame.of(RawFrame.CONTINUATION, true, ByteString.encodeUtf8("two")));

    assertThat(rig.sink.next(Pong.class).payload().utf8()).isEqualTo("p");
    rig.sink.nextMessage("one two");
    assertThat(rig.sink.reads).hasPositiveValue();
  }

  @Test
  void messagesOfOneReadAreFollowedByItsEnd() throws IOException {
    Buffer both = new Buffer();
    both.write(RawFrame.text("one").encode());
    both.write(RawFrame.text("two").encode());

    session.send(both.readByteString());
    rig.sink.nextMessage("one");
    rig.sink.nextMessage("two");
    RecordingSink.await("the read's end", () -> rig.sink.readsEnded.contains(2));
    session.send(RawFrame.text("three"));
    rig.sink.nextMessage("three");
    RecordingSink.await("the read's end", () -> rig.sink.readsEnded.contains(3));

    assertThat(rig.sink.readsEnded).doesNotContain(1);
  }

  @Test
  void aMessageThatComesInPartsIsToldOnceAsBegun() throws IOException {
    session.send(RawFrame.text("short"));
    rig.sink.nextMessage("short");
    assertThat(rig.sink.messagesBegun).hasValue(0);

    ByteString frame = RawFrame.text("in parts").encode();
    for (int at = 0; at < frame.size(); at++) {
      int reads = rig.sink.reads.get();
      session.send(frame.substring(at, at + 1));
      RecordingSink.await("a read", () -> rig.sink.reads.get() > reads);
    }
    rig.sink.nextMessage("in parts");

    assertThat(rig.sink.messagesBegun).hasValue(1);
  }

  @Test
  void theNextMessageOfWhichAPartCameWithTheLastIsToldAsBegun() throws IOException {
    ByteString second = RawFrame.text("second").encode();
    Buffer bytes = new Buffer();
    bytes.write(RawFrame.text("first").encode()).write(second.substring(0, 4));

    session.send(bytes.readByteString());
    rig.sink.nextMessage("first");
    RecordingSink.await("it to begin", () -> rig.sink.messagesBegun.get() == 1);
    session.send(second.substring(4));
    rig.sink.nextMessage("second");

    assertThat(rig.sink.messagesBegun).hasValue(1);
  }

  @Test
  void pingIsAnsweredWithItsPayload() throws IOException {
    session.send(RawFrame.ping(ByteString.encodeUtf8("are you there")));

    RawFrame pong = session.readFrame();
    assertThat(pong.opcode()).isEqualTo(RawFrame.PONG);
    assertThat(pong.text()).isEqualTo("are you there");
  }

  @Test
  void pingOfOursFollowsTheMessagesOfItsBatch() throws IOException {
    rig.source.add(Message.text("a"));
    rig.source.add(Message.text("b"));
    rig.ping("barrier".getBytes(UTF_8));

    assertThat(session.readFrame().text()).isEqualTo("a");
    assertThat(session.readFrame().text()).isEqualTo("b");
    RawFrame ping = session.readFrame();
    assertThat(ping.opcode()).isEqualTo(RawFrame.PING);
    session.send(RawFrame.pong(ping.payload()));
    assertThat(rig.sink.next(Pong.class).payload().utf8()).isEqualTo("barrier");
    // The pong may come before the writer has told that it wrote the ping.
    RecordingSink.await("written", () -> rig.source.written.get() == 2);
  }

  @Test
  void everyWriteIsToldFromItsBeginningToItsEnd() throws IOException {
    rig.send(Message.binary(new byte[100_000]));

    assertThat(RawMessage.read(session).payload().size()).isEqualTo(100_000);
    RecordingSink.await("written", () -> rig.source.written.get() == 1);
    assertThat(rig.sink.writesBegun).hasValue(1);
    assertThat(rig.sink.writesProgressed).hasValueGreaterThanOrEqualTo(6);
    assertThat(rig.sink.writesEnded).hasValue(1);
  }

  @Test
  void writeThatStallsShowsNoProgressUntilTheServerReads() throws IOException {
    // More than any socket buffer takes.
    int size = 32 * 1024 * 1024;
    rig.send(Message.binary(new byte[size]));
    int stalledAt = rig.sink.awaitStall();

    assertThat(rig.sink.writesBegun).hasValue(1);
    assertThat(rig.sink.writesEnded).hasValue(0);
    assertThat(rig.source.written).hasValue(0);

    assertThat(RawMessage.read(session).payload().size()).isEqualTo(size);
    RecordingSink.await("written", () -> rig.source.written.get() == 1);
    assertThat(rig.sink.writesProgressed).hasValueGreaterThan(stalledAt);
  }

  @Test
  void pausedReaderGivesNothingAndLosesNothing() throws IOException {
    rig.sink.pausing = true;
    for (int i = 0; i < 5; i++) session.send(RawFrame.text("m" + i));

    rig.sink.nextMessage("m0");
    rig.sink.assertSilence(Duration.ofMillis(50));
    rig.transport.resumeReading();
    rig.sink.nextMessage("m1");
    rig.sink.assertSilence(Duration.ofMillis(50));
    rig.sink.pausing = false;
    rig.transport.resumeReading();
    for (int i = 2; i < 5; i++) rig.sink.nextMessage("m" + i);
    session.send(RawFrame.text("last"));
    rig.sink.nextMessage("last");
  }

  @Test
  void readerMayBePausedFromTheBeginning() throws IOException {
    try (TransportRig paused =
        new TransportRig(WebSocketTransportFactory.create(TransportRig.CLIENT))) {
      paused.sink.pausing = true;
      paused.start(ConnectRequest.builder(server.url()).build());
      RawSession other = server.accept();
      other.upgrade();
      other.send(RawFrame.text("m"));
      paused.awaitOpen();

      paused.send(Message.text("out"));
      assertThat(other.readFrame().text()).isEqualTo("out");
      paused.sink.assertSilence(Duration.ofMillis(50));
      assertThat(paused.sink.reads).hasValue(0);
      paused.transport.resumeReading();
      paused.sink.nextMessage("m");
    }
  }

  @Test
  void writerWorksWhileTheReaderIsPaused() throws IOException {
    rig.sink.pausing = true;
    session.send(RawFrame.text("m"));
    rig.sink.nextMessage("m");

    rig.send(Message.text("out"));

    assertThat(session.readFrame().text()).isEqualTo("out");
  }

  @Test
  void messagesOfManySizesArriveWholeBothWays() throws IOException {
    Random random = new Random(1);
    for (int size : new int[] {0, 1, 125, 126, 8191, 8192, 16_383, 65_535, 65_536, 1_000_001}) {
      byte[] payload = new byte[size];
      random.nextBytes(payload);

      rig.send(Message.binary(payload));
      RawMessage arrived = RawMessage.read(session);
      session.send(RawFrame.binary(arrived.payload().toByteArray()));

      assertThat(rig.sink.next(Received.class).message()).isEqualTo(Message.binary(payload));
    }
  }

  @Test
  void manyWakeUpsWriteEveryMessageInOrder() throws IOException {
    int count = 20_000;
    for (int i = 0; i < count; i++) rig.send(Message.text(Integer.toString(i)));

    for (int i = 0; i < count; i++) {
      assertThat(session.readFrame().text()).isEqualTo(Integer.toString(i));
    }
    RecordingSink.await("written", () -> rig.source.written.get() == count);
  }
}
