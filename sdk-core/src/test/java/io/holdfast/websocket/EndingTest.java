package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.MessageTooLarge;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.ProtocolViolated;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Message;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import java.io.IOException;
import java.time.Duration;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final Duration CLOSING_DEADLINE = Duration.ofSeconds(2);

  private RawServer server;
  private TransportRig rig;
  private RawSession session;

  @BeforeEach
  void open() throws IOException {
    server = RawServer.start();
    WebSocketTransportFactory small =
        WebSocketTransportFactory.builder(TransportRig.CLIENT).maxMessageBytes(1000).build();
    rig = TransportRig.start(small, ConnectRequest.builder(server.url()).build());
    session = server.accept();
    session.upgrade();
    rig.awaitOpen();
  }

  /** No ending needs a cancel: threads, timers and the stream end by themselves. */
  @AfterEach
  void nothingIsLeftOver() throws IOException {
    rig.assertEnds();
    rig.sink.assertNothingMore();
    server.close();
  }

  @Test
  void closeOfThePeerIsToldAndEchoedWithoutItsReason() throws IOException {
    session.send(RawFrame.close(1001, "going"));

    PeerClosed closed = rig.sink.nextEnd(PeerClosed.class);
    rig.send(Message.text("too late"));
    assertThat(closed.code()).isEqualTo(1001);
    assertThat(closed.reason()).isEqualTo("going");
    assertThat(session.readFrame().payload().hex()).isEqualTo("03e9");
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);
    assertThat(rig.sink.writesBegun).hasValue(0);
    session.close();
  }

  @Test
  void closeWithoutCodeIsEchoedWithoutCode() throws IOException {
    session.send(RawFrame.emptyClose());

    assertThat(rig.sink.nextEnd(PeerClosed.class).code()).isEqualTo(1005);
    RawFrame echo = session.readFrame();
    assertThat(echo.opcode()).isEqualTo(RawFrame.CLOSE);
    assertThat(echo.payload()).isEqualTo(ByteString.EMPTY);
    session.close();
  }

  @Test
  void closeOfOursIsWrittenNextAndEndsWithThePeersAnswer() throws IOException {
    rig.transport.close(1000, "done");
    RawFrame close = session.readFrame();
    assertThat(close.closeCode()).isEqualTo(1000);
    assertThat(close.closeReason()).isEqualTo("done");

    rig.send(Message.text("never sent"));
    session.send(RawFrame.ping(ByteString.EMPTY));
    session.send(RawFrame.text("last words"));
    rig.sink.nextMessage("last words");
    session.send(RawFrame.close(1000, ""));

    assertThat(rig.sink.nextEnd(PeerClosed.class).code()).isEqualTo(1000);
    // Neither a pong nor a second Close comes after a Close.
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);
    assertThat(rig.source.written).hasValue(0);
    session.close();
  }

  @Test
  void closesThatCrossAreBothAnswersAlready() throws IOException {
    session.send(RawFrame.close(1001, ""));
    rig.transport.close(1000, "");

    assertThat(rig.sink.nextEnd(PeerClosed.class).code()).isEqualTo(1001);
    assertThat(session.readFrame().opcode()).isEqualTo(RawFrame.CLOSE);
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);
    session.close();
  }

  @Test
  void peerThatKeepsItsEndOpenAfterCloseIsLeftWithinTheDeadline() throws IOException {
    session.send(RawFrame.close(1000, ""));
    rig.sink.nextEnd(PeerClosed.class);
    assertThat(session.readFrame().closeCode()).isEqualTo(1000);
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);

    rig.letPass(CLOSING_DEADLINE);
    rig.assertEnds();
  }

  @Test
  void closeThatCannotBeEchoedIsGivenUpWithinTheDeadline() throws IOException {
    rig.send(Message.binary(new byte[32 * 1024 * 1024]));
    RecordingSink.await("progress", () -> rig.sink.writesProgressed.get() > 0);
    session.send(RawFrame.close(1000, ""));

    rig.sink.nextEnd(PeerClosed.class);
    rig.letPass(CLOSING_DEADLINE);
    rig.assertEnds();
    session.awaitEnd();
    assertThat(rig.source.written).hasValue(0);
    assertThat(rig.sink.writesEnded).hasValue(0);
  }

  @Test
  void brokenRuleIsToldAtOnceAndAnsweredThoughBytesAreUnread() throws IOException {
    session.send(RawFrame.text("x").withReserved(4));
    session.send(RawFrame.text("more that nobody reads"));

    assertThat(rig.sink.nextEnd(ProtocolViolated.class).closeCode()).isEqualTo(1002);
    assertThat(session.readFrame().closeCode()).isEqualTo(1002);
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);
    session.close();
  }

  @Test
  void textThatIsNotUtf8IsAnsweredWith1007() throws IOException {
    session.send(RawFrame.of(RawFrame.TEXT, true, ByteString.decodeHex("c080")));

    assertThat(rig.sink.nextEnd(ProtocolViolated.class).closeCode()).isEqualTo(1007);
    assertThat(session.readFrame().closeCode()).isEqualTo(1007);
    session.close();
  }

  @Test
  void messageAboveTheLimitIsAnsweredWith1009ByItsHeader() throws IOException {
    session.send(ByteString.decodeHex("827e03e9"));

    rig.sink.nextEnd(MessageTooLarge.class);
    assertThat(session.readFrame().closeCode()).isEqualTo(1009);
    session.close();
  }

  @Test
  void finWithoutCloseIsTold() throws IOException {
    session.send(RawFrame.text("half").withFin(false));
    session.halfClose();

    rig.sink.nextEnd(EndedWithoutClose.class);
    session.awaitEnd();
  }

  @Test
  void finWhileAWriteIsBlockedEndsTheWriterToo() throws IOException {
    rig.send(Message.binary(new byte[32 * 1024 * 1024]));
    RecordingSink.await("progress", () -> rig.sink.writesProgressed.get() > 0);
    session.halfClose();

    rig.sink.nextEnd(EndedWithoutClose.class);
    session.awaitEnd();
  }

  @Test
  void resetIsTold() throws IOException {
    session.reset();

    rig.sink.nextEnd(StreamBroken.class);
  }

  @Test
  void resetIsToldThoughTheReaderIsPaused() throws IOException {
    rig.sink.pausing = true;
    session.send(RawFrame.text("m"));
    rig.sink.nextMessage("m");
    session.reset();
    // The write finds out.
    RecordingSink.await(
        "a failed write",
        () -> {
          rig.send(Message.text("x"));
          return rig.sink.hasMore();
        });

    rig.sink.nextEnd(StreamBroken.class);
  }

  @Test
  void closeThatExplainsAFailedWriteIsWhatIsTold() throws IOException {
    rig.source.thrownByTake = new IllegalStateException("as good as a failed write");
    rig.transport.wake();
    session.send(RawFrame.close(1008, "policy"));

    assertThat(rig.sink.nextEnd(PeerClosed.class).code()).isEqualTo(1008);
    session.close();
  }

  @Test
  void whatTheSourceThrowsEndsTheTransport() {
    IllegalStateException thrown = new IllegalStateException("source");
    rig.source.thrownByTake = thrown;
    rig.transport.wake();
    rig.letPass(CLOSING_DEADLINE);

    assertThat(rig.sink.nextEnd(StreamBroken.class)).hasCause(thrown);
  }

  @Test
  void whatTheSinkThrowsEndsTheTransport() throws IOException {
    IllegalStateException thrown = new IllegalStateException("sink");
    rig.sink.thrownByMessage = thrown;
    session.send(RawFrame.text("m"));

    assertThat(rig.sink.nextEnd(StreamBroken.class)).hasCause(thrown);
    session.awaitEnd();
  }
}
