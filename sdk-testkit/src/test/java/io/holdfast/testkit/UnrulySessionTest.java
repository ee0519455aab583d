package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link TestServer} does in sessions that may break the protocol. */
@Timeout(20)
class UnrulySessionTest extends ServerFixture {
  @BeforeEach
  void unruly() {
    server.unruly();
  }

  @Test
  void itTalksLikeAnyOtherUntilItIsToldNotTo() throws Exception {
    server.echo();
    WebSocket socket = connectLive();

    socket.send("order-7");
    socket.send(ByteString.decodeHex("ff00"));
    String large = "8".repeat(100_000);
    socket.send(large);

    events.assertNext("text order-7");
    events.assertNext("bytes ff00");
    events.assertNext("text " + large);
    assertThat(server.ledger().times(7)).isEqualTo(1);
    assertThat(server.push("news")).isEqualTo(1);
    events.assertNext("text news");
    socket.close(4001, "bye");
    events.assertNext("closing 4001 bye");
    assertEventually(s -> s.liveSessions() == 0);
  }

  @Test
  void fragmentsBecomeOneMessage() throws Exception {
    try (RawClient client = RawClient.connect(server)) {
      client.send(RawFrame.of(RawFrame.TEXT, false, ByteString.encodeUtf8("order-")));
      client.send(RawFrame.ping(ByteString.EMPTY));
      client.send(RawFrame.of(RawFrame.CONTINUATION, true, ByteString.encodeUtf8("12")));

      assertThat(server.ledger().awaitDistinct(1, PATIENCE)).isTrue();
      assertThat(server.ledger().times(12)).isEqualTo(1);
      assertThat(client.read(2).hex()).isEqualTo("8a00");
    }
  }

  @Test
  void aClientWhosePingsGoUnansweredGivesUp() throws Exception {
    http = new OkHttpClient.Builder().pingInterval(Duration.ofMillis(100)).build();
    connectLive();

    server.neverPong();

    events.assertNext("failed -");
    assertEventually(s -> s.liveSessions() == 0);
  }

  @Test
  void pingsAreAnsweredAgainOnceItIsTold() throws Exception {
    server.neverPong();
    try (RawClient client = RawClient.connect(server)) {
      client.send(RawFrame.ping(ByteString.encodeUtf8("1")));
      client.send(RawFrame.text("m-1"));
      assertThat(server.ledger().awaitDistinct(1, PATIENCE)).isTrue();

      server.pongAndRead();
      client.send(RawFrame.ping(ByteString.encodeUtf8("2")));

      assertThat(client.read(3)).isEqualTo(RawFrame.pong(ByteString.encodeUtf8("2")).encode());
    }
  }

  @Test
  void whatIsNotReadWaitsUntilItIs() throws Exception {
    WebSocket socket = connectLive();
    server.neverRead();
    String large = "x".repeat(15 * 1024 * 1024);

    socket.send("m-1");
    socket.send(large);
    assertThat(server.push("still writing")).isEqualTo(1);
    events.assertNext("text still writing");
    assertThat(server.ledger().arrivals()).isZero();
    assertThat(socket.queueSize()).isPositive();
    server.pongAndRead();

    assertThat(server.ledger().await(ledger -> ledger.arrivals() == 2, PATIENCE)).isTrue();
  }

  @Test
  void aServerThatDoesNotReadStopsAllTheSame() throws Exception {
    server.neverRead();
    connectLive();

    server.stop();

    assertThat(server.liveSessions()).isZero();
    events.assertNext("failed -");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1000, 1004, 1005, 1006, 1015, 1016, 2999, 3000, 4999, 5000, 65_535})
  void everyCloseCodeCanBeSent(int code) throws Exception {
    try (RawClient client = RawClient.connect(server)) {
      assertThat(server.closeAll(code, "why")).isEqualTo(1);

      assertThat(client.read(7)).isEqualTo(RawFrame.close(code, "why").encode());
      client.send(RawFrame.close(1000, ""));
      assertThat(client.atEnd()).isTrue();
      assertEventually(s -> s.liveSessions() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LENGTH_NOT_SHORTEST", "INVALID_UTF8", "CLOSE_REASON_INVALID_UTF8"})
  void aMalformedFrameEndsAClientThatChecks(MalformedFrame frame) throws Exception {
    connectLive();

    assertThat(server.pushRaw(frame.bytes())).isEqualTo(1);

    events.assertNext("failed");
  }

  @ParameterizedTest
  @EnumSource(MalformedFrame.class)
  void aMalformedFrameArrivesByteByByte(MalformedFrame frame) throws Exception {
    try (RawClient client = RawClient.connect(server)) {
      server.pushRaw(frame.bytes());

      assertThat(client.read(frame.bytes().size())).isEqualTo(frame.bytes());
    }
  }

  @Test
  void theTextsThatAreNotUtf8AreNot() {
    ByteString text = MalformedFrame.INVALID_UTF8.bytes().substring(2);
    ByteString reason = MalformedFrame.CLOSE_REASON_INVALID_UTF8.bytes().substring(4);

    assertThat(text.string(StandardCharsets.UTF_8)).contains("\ufffd");
    assertThat(reason.string(StandardCharsets.UTF_8)).contains("\ufffd");
    assertThat(MalformedFrame.INVALID_UTF8.closeCode()).isEqualTo(1007);
  }

  @Test
  void aFrameOfTheTestsOwnIsSent() throws Exception {
    connectLive();

    assertThat(server.push(RawFrame.text("Hel").withFin(false))).isEqualTo(1);
    server.push(RawFrame.of(RawFrame.CONTINUATION, true, ByteString.encodeUtf8("lo")));

    events.assertNext("text Hello");
  }

  @Test
  void aFloodGoesOnAsFastAsItIsRead() throws Exception {
    connectLive();

    assertThat(server.flood(10_000, 100)).isEqualTo(1);

    for (int i = 1; i <= 10_000; i++) events.assertNext("text flood-" + i + " ");
  }

  @Test
  void aFloodWaitsForASlowClientAndEndsWhenTold() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    AtomicBoolean after = new AtomicBoolean();
    CountDownLatch heard = new CountDownLatch(1);
    WebSocketListener slow =
        new WebSocketListener() {
          @Override
          public void onMessage(WebSocket webSocket, String text) {
            try {
              after.set(reading.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            if (text.equals("after")) heard.countDown();
          }
        };
    http.newWebSocket(request(server.url()), slow);
    assertEventually(s -> s.liveSessions() == 1);

    server.flood(Long.MAX_VALUE, 64 * 1024);
    assertThat(server.flood(0, 32)).isEqualTo(1);
    server.push("after");
    reading.countDown();

    assertThat(heard.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(after).isTrue();
  }

  @Test
  void anOrderlySessionTakesNoRawBytes() throws Exception {
    server.orderly();
    connectLive();

    assertThat(server.pushRaw(ByteString.decodeHex("c1"))).isZero();
    assertThat(server.flood(1, 32)).isZero();
    assertThatThrownBy(() -> server.closeAll(1005, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFloodHasRoomForItsNumbers() {
    assertThatThrownBy(() -> server.flood(1, 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes of a message must be >= 32 but was 31");
    assertThatThrownBy(() -> server.flood(-1, 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("messages must be >= 0 but was -1");
  }

  private WebSocket connectLive() throws InterruptedException {
    WebSocket socket = connect();
    events.assertNext("open");
    assertEventually(s -> s.liveSessions() == 1);
    return socket;
  }
}
