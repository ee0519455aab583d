package io.holdfast.websocket;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.HandshakeRejected;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionListener;
import io.holdfast.ManagedConnection;
import io.holdfast.testkit.RawFrame;
import io.holdfast.testkit.RawServer;
import io.holdfast.testkit.RawSession;
import io.holdfast.websocket.RecordingSink.Told.Ended;
import io.holdfast.websocket.RecordingSink.Told.Opened;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {
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
  void keyOfTheRfcHasTheAnswerOfTheRfc() {
    assertThat(OpeningHandshake.acceptOf("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  @Test
  void requestCarriesWhatTheRfcAndTheAppWant() throws IOException {
    ConnectRequest request =
        ConnectRequest.builder(URI.create("ws://127.0.0.1:" + server.port() + "/feed?a=1"))
            .addHeader("Authorization", "Bearer x")
            .addHeader("X-Two", "1")
            .addHeader("X-Two", "2")
            .addProtocol("v2.chat")
            .addProtocol("v1.chat")
            .build();
    try (TransportRig rig = start(request)) {
      RawSession session = server.accept();
      session.upgrade("Sec-WebSocket-Protocol", "v1.chat");
      Opened opened = rig.awaitOpen();

      assertThat(opened.protocol()).isEqualTo("v1.chat");
      assertThat(session.requestLine()).isEqualTo("GET /feed?a=1 HTTP/1.1");
      assertThat(session.headers().values("X-Two")).containsExactly("1", "2");
      assertThat(session.headers().get("Authorization")).isEqualTo("Bearer x");
      assertThat(session.headers().get("Connection")).isEqualTo("Upgrade");
      assertThat(session.headers().get("Upgrade")).isEqualTo("websocket");
      assertThat(session.headers().get("Sec-WebSocket-Version")).isEqualTo("13");
      assertThat(session.headers().get("Sec-WebSocket-Protocol")).isEqualTo("v2.chat, v1.chat");
      assertThat(session.headers().values("Sec-WebSocket-Extensions"))
          .containsExactly("permessage-deflate");
      assertThat(requireNonNull(ByteString.decodeBase64(key(session))).size()).isEqualTo(16);
    }
  }

  @Test
  void framesThatComeWithTheAnswerAreRead() throws IOException {
    try (TransportRig rig = TransportRig.start(server.url())) {
      RawSession session = server.accept();
      String accept = RawSession.acceptFor(key(session));
      session.send(
          new Buffer()
              .writeUtf8("HTTP/1.1 101 OK\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n")
              .writeUtf8("Sec-WebSocket-Accept: " + accept + "\r\n\r\n")
              .write(RawFrame.text("early").encode())
              .readByteString());
      rig.awaitOpen();

      rig.sink.nextMessage("early");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Upgrade: websocket|Connection: Upgrade, Sec-WebSocket-Accept must answer our key",
    "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: c2FtcGxl, Sec-WebSocket-Accept must answer our key",
    "Upgrade: websocket|Connection: Upgrade|ACCEPT|ACCEPT, Sec-WebSocket-Accept must answer our key",
    "Upgrade: websocket|ACCEPT, Connection must be exactly Upgrade",
    "Upgrade: websocket|Connection: close|ACCEPT, Connection must be exactly Upgrade",
    "Connection: Upgrade|ACCEPT, Upgrade must be websocket",
    "Upgrade: h2c|Connection: Upgrade|ACCEPT, Upgrade must be websocket",
    "OK|Sec-WebSocket-Protocol: other, subprotocol must be one of [chat]",
    "OK|Sec-WebSocket-Protocol: CHAT, subprotocol must be one of [chat]",
    "OK|Sec-WebSocket-Protocol: chat|Sec-WebSocket-Protocol: chat, subprotocol must be one of [chat]",
    "OK|Sec-WebSocket-Extensions: x-webkit-deflate-frame, extension must be one that was offered",
  })
  void answerThatBreaksARuleIsNotAdopted(String answer, String rule) throws IOException {
    ConnectRequest request = ConnectRequest.builder(server.url()).addProtocol("chat").build();
    try (TransportRig rig = start(request)) {
      RawSession session = server.accept();
      String accept = "Sec-WebSocket-Accept: " + RawSession.acceptFor(key(session));
      String head =
          answer
              .replace("OK", "Upgrade: websocket|Connection: Upgrade|ACCEPT")
              .replace("ACCEPT", accept)
              .replace("|", "\r\n");
      session.send("HTTP/1.1 101 Switching Protocols\r\n" + head + "\r\n\r\n");

      HandshakeRejected rejected = rig.sink.nextEnd(HandshakeRejected.class);
      assertThat(rejected).hasMessage("handshake rejected: " + rule);
      assertThat(rejected.status()).isEqualTo(101);
      session.awaitEnd();
      rig.assertEnds();
    }
  }

  @Test
  void rejectionTellsStatusHeadersAndTheBeginningOfTheBody() throws IOException {
    try (TransportRig rig = TransportRig.start(server.url())) {
      RawSession session = server.accept();
      session.send(
          "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nX-Bad: caf\u00e9\r\nContent-Length: 5000\r\n\r\n"
              + "b".repeat(5000));

      Ended ended = rig.sink.next(Ended.class);
      HandshakeRejected rejected = (HandshakeRejected) ended.cause();
      assertThat(rejected.status()).isEqualTo(503);
      assertThat(rejected.headers()).containsExactly(new ConnectRequest.Header("Retry-After", "7"));
      assertThat(rejected.body()).isEqualTo("b".repeat(4096));
      assertThat(ended.timeline().upgradeNanos()).isPositive();
      session.awaitEnd();
    }
  }

  @Test
  void bodyThatNeverEndsDoesNotHoldTheRejectionUp() throws IOException {
    try (TransportRig rig = TransportRig.start(server.url())) {
      RawSession session = server.accept();
      session.send("HTTP/1.1 401 No\r\nWWW-Authenticate: x\r\n\r\nbegin");
      rig.letPass(Duration.ofSeconds(1));

      assertThat(rig.sink.nextEnd(HandshakeRejected.class).body()).isEqualTo("begin");
      session.awaitEnd();
    }
  }

  @Test
  void endlessHeadersFailTheAttempt() throws IOException {
    try (TransportRig rig = TransportRig.start(server.url())) {
      RawSession session = server.accept();
      session.send("HTTP/1.1 101 Switching Protocols\r\nX: " + "y".repeat(300 * 1024));

      assertThat(rig.sink.nextEnd(ConnectFailed.class))
          .hasMessage("answer was cut off, or has headers above 256 KiB");
      session.awaitEnd();
    }
  }

  @Test
  void headersAboveTheLimitAreNotAdopted() throws IOException {
    WebSocketTransportFactory factory =
        WebSocketTransportFactory.builder(TransportRig.CLIENT)
            .maxHandshakeHeaderBytes(1000)
            .build();
    try (TransportRig rig =
        TransportRig.start(factory, ConnectRequest.builder(server.url()).build())) {
      RawSession session = server.accept();
      session.upgrade("X", "y".repeat(1000));

      assertThat(rig.sink.nextEnd(HandshakeRejected.class))
          .hasMessageStartingWith("handshake rejected: headers must be <= 1000 bytes but were 1");
      session.awaitEnd();
    }
  }

  @Test
  void answerThatComesByteByByteIsCutByTheAttemptsDeadline() throws Exception {
    BlockingQueue<ConnectionException> failures = new LinkedBlockingQueue<>();
    try (ManagedConnection connection =
        ManagedConnection.builder(server.url()).attemptTimeout(Duration.ofMillis(300)).build()) {
      connection.addListener(
          new ConnectionListener() {
            @Override
            public void onEvent(ConnectionEvent event) {
              if (event instanceof AttemptFailed failed) failures.add(failed.cause());
            }
          });
      connection.open();
      RawSession session = server.accept();
      session.send("HTTP/1.1 101 Switching Protocols\r\nX: ");

      boolean cut = false;
      while (!cut) {
        try {
          session.send("y");
        } catch (IOException e) {
          cut = true;
        }
      }
      assertThat(failures.poll(5, SECONDS)).isInstanceOf(AttemptTimedOut.class);
    }
  }

  @Test
  void redirectIsFollowedToTheSameOriginAlone() throws IOException {
    try (TransportRig rig = TransportRig.start(server.url());
        RawServer other = RawServer.start()) {
      RawSession first = server.accept();
      String redirect = "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\n";
      first.send(redirect + "Location: /moved\r\n\r\n");
      RawSession second = server.accept();
      assertThat(second.requestLine()).isEqualTo("GET /moved HTTP/1.1");
      second.send(redirect + "Location: http://127.0.0.1:" + other.port() + "/\r\n\r\n");

      HandshakeRejected rejected = rig.sink.nextEnd(HandshakeRejected.class);
      assertThat(rejected.status()).isEqualTo(302);
      assertThat(rejected).hasMessageContaining("redirect must keep");
      first.awaitEnd();
      second.awaitEnd();
    }
  }

  @Test
  void serverThatHangsUpFailsTheAttempt() throws IOException {
    try (TransportRig rig = TransportRig.start(server.url())) {
      server.accept().close();

      rig.sink.nextEnd(ConnectFailed.class);
    }
  }

  @Test
  void serverThatResetsFailsTheAttempt() throws IOException {
    try (TransportRig rig = TransportRig.start(server.url())) {
      server.accept().reset();

      rig.sink.nextEnd(StreamBroken.class);
    }
  }

  @Test
  void refusedConnectIsToldWithItsAddress() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    try (TransportRig rig = TransportRig.start(URI.create("ws://127.0.0.1:" + port + "/"))) {
      Ended ended = rig.sink.next(Ended.class);

      assertThat(ended.cause()).isInstanceOf(Refused.class);
      assertThat(ended.timeline().address())
          .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      assertThat(ended.timeline().tcpNanos()).isPositive();
      assertThat(ended.timeline().upgradeNanos()).isEqualTo(-1);
      assertThat(ended.timeline().totalNanos()).isPositive();
    }
  }

  @Test
  void hostThatDnsDoesNotKnowIsTold() throws IOException {
    OkHttpClient client =
        TransportRig.CLIENT
            .newBuilder()
            .dns(
                host -> {
                  throw new UnknownHostException(host);
                })
            .build();
    try (TransportRig rig =
        start(client, ConnectRequest.builder(URI.create("ws://x.test")).build())) {
      rig.sink.nextEnd(HostUnresolved.class);
    }
  }

  @Test
  void cleartextThatTheAppForbidsIsAnInvalidRequest() throws IOException {
    OkHttpClient tlsOnly =
        TransportRig.CLIENT
            .newBuilder()
            .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
            .build();
    try (TransportRig rig = start(tlsOnly, ConnectRequest.builder(server.url()).build())) {
      rig.sink.nextEnd(RequestInvalid.class);
    }
  }

  @Test
  void whatAnInterceptorThrowsFailsTheAttemptAndLeavesNothingOpen() throws IOException {
    for (Throwable thrown : List.of(new IllegalStateException("app"), new StackOverflowError())) {
      OkHttpClient client =
          TransportRig.CLIENT
              .newBuilder()
              .addInterceptor(
                  chain -> {
                    chain.proceed(chain.request());
                    if (thrown instanceof Error error) throw error;
                    throw (RuntimeException) thrown;
                  })
              .build();
      try (TransportRig rig = start(client, ConnectRequest.builder(server.url()).build())) {
        RawSession session = server.accept();
        session.upgrade();

        assertThat(rig.sink.nextEnd(ConnectFailed.class)).hasCause(thrown);
        session.awaitEnd();
      }
    }
  }

  @Test
  void readTimeoutOfTheAppEndsWithTheHandshake() throws IOException {
    OkHttpClient impatient =
        TransportRig.CLIENT
            .newBuilder()
            .readTimeout(100, MILLISECONDS)
            .writeTimeout(100, MILLISECONDS)
            .callTimeout(150, MILLISECONDS)
            .build();
    try (TransportRig rig = start(impatient, ConnectRequest.builder(server.url()).build())) {
      RawSession session = server.accept();
      session.upgrade();
      rig.awaitOpen();

      rig.sink.assertSilence(Duration.ofMillis(300));
      session.send(RawFrame.text("still here"));
      rig.sink.nextMessage("still here");
    }
  }

  @Test
  void attemptTakesWhatTheAppGaveAndNoMore() throws IOException {
    OkHttpClient client =
        TransportRig.CLIENT
            .newBuilder()
            .addNetworkInterceptor(
                chain -> {
                  throw new AssertionError("network interceptors are left out");
                })
            .addInterceptor(
                chain -> chain.proceed(chain.request().newBuilder().header("X-App", "yes").build()))
            .build();
    try (TransportRig rig = start(client, ConnectRequest.builder(server.url()).build())) {
      RawSession session = server.accept();
      session.upgrade();
      rig.awaitOpen();

      assertThat(session.headers().get("X-App")).isEqualTo("yes");
      assertThat(client.dispatcher().runningCallsCount()).isZero();
      assertThat(client.connectionPool().connectionCount()).isZero();
    }
  }

  private static TransportRig start(ConnectRequest request) {
    return start(TransportRig.CLIENT, request);
  }

  private static TransportRig start(OkHttpClient client, ConnectRequest request) {
    return TransportRig.start(WebSocketTransportFactory.create(client), request);
  }

  private static String key(RawSession session) {
    return requireNonNull(session.headers().get("Sec-WebSocket-Key"));
  }
}
