package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.Message;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link TransportRig#close} checks that nothing is told and no thread or timer is left over. */
class CancelTest {
  private RawServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = RawServer.start();
  }

  @AfterEach
  void closeServer() throws IOException {
    server.close();
  }

  @Test
  void beforeItsThreadRuns() throws IOException {
    CountDownLatch hold = new CountDownLatch(1);
    TransportRig rig = new TransportRig(WebSocketTransportFactory.create(TransportRig.CLIENT));
    for (int i = 0; i < 3; i++) rig.io.execute(() -> await(hold));
    rig.start(ConnectRequest.builder(server.url()).build());
    rig.transport.cancel();
    rig.transport.cancel();
    hold.countDown();

    rig.close();
  }

  @Test
  void duringDns() throws IOException {
    CountDownLatch lookingUp = new CountDownLatch(1);
    CountDownLatch hold = new CountDownLatch(1);
    OkHttpClient slow =
        TransportRig.CLIENT
            .newBuilder()
            .dns(
                host -> {
                  lookingUp.countDown();
                  await(hold);
                  return List.of(InetAddress.getLoopbackAddress());
                })
            .build();
    ConnectRequest request =
        ConnectRequest.builder(URI.create("ws://x.test:" + server.port())).build();
    TransportRig rig = TransportRig.start(WebSocketTransportFactory.create(slow), request);
    await(lookingUp);
    rig.transport.cancel();
    hold.countDown();

    rig.close();
  }

  @Test
  void whileTheServerIsSilent() throws IOException {
    TransportRig rig = TransportRig.start(server.url());
    RawSession session = server.accept();

    rig.close();
    session.awaitEnd();
  }

  @Test
  void whileTheAnswerIsHalfRead() throws IOException {
    TransportRig rig = TransportRig.start(server.url());
    RawSession session = server.accept();
    session.send("HTTP/1.1 101 Switching");

    rig.close();
    session.awaitEnd();
  }

  @Test
  void whileABodyIsRead() throws IOException {
    TransportRig rig = TransportRig.start(server.url());
    RawSession session = server.accept();
    session.send("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nbegin");

    rig.close();
    session.awaitEnd();
  }

  @Test
  void atAnyMomentOfTheUpgrade() throws IOException {
    OkHttpClient client = WebSocketTransportFactory.forAttempts(TransportRig.CLIENT);
    ConnectRequest request = ConnectRequest.builder(server.url()).build();
    for (int i = 0; i < 150; i++) {
      TransportRig rig =
          TransportRig.start(
              (io, clock) ->
                  new WebSocketTransport(() -> client, TransportOptions.DEFAULT, io, clock),
              request);
      RawSession session = server.accept();
      session.upgrade();
      LockSupport.parkNanos(i * 10_000L);
      rig.transport.cancel();
      rig.assertEnds();
      session.awaitEnd();
      session.close();
    }
    assertThat(client.connectionPool().connectionCount()).isZero();
  }

  @Test
  void whileReading() throws IOException {
    TransportRig rig = open();

    rig.close();
  }

  @Test
  void whileAWriteIsBlocked() throws IOException {
    TransportRig rig = open();
    rig.send(Message.binary(new byte[32 * 1024 * 1024]));
    RecordingSink.await("progress", () -> rig.sink.writesProgressed.get() > 0);

    rig.close();
    assertThat(rig.source.written).hasValue(0);
    assertThat(rig.sink.writesEnded).hasValue(0);
  }

  @Test
  void whileReadingIsPaused() throws IOException {
    TransportRig rig = TransportRig.start(server.url());
    RawSession session = server.accept();
    session.upgrade();
    rig.awaitOpen();
    rig.sink.pausing = true;
    for (int i = 0; i < 10; i++) session.send(RawFrame.text("m"));
    rig.sink.nextMessage("m");

    rig.close();
    session.awaitEnd();
  }

  @Test
  void whileACloseIsUnanswered() throws IOException {
    TransportRig rig = TransportRig.start(server.url());
    RawSession session = server.accept();
    session.upgrade();
    rig.awaitOpen();
    rig.transport.close(1000, "");
    assertThat(session.readFrame().closeCode()).isEqualTo(1000);

    rig.close();
    session.awaitEnd();
  }

  private TransportRig open() throws IOException {
    TransportRig rig = TransportRig.start(server.url());
    server.accept().upgrade();
    rig.awaitOpen();
    return rig;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
