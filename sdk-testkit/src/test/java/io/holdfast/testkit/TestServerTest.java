package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TestServerTest extends ServerFixture {
  @Test
  void echoReturnsWhatTheLedgerHasEntered() throws Exception {
    server.echo();
    WebSocket socket = connect();
    events.assertNext("open");

    socket.send("order-7");
    socket.send(ByteString.decodeHex("37ff"));

    events.assertNext("text order-7");
    events.assertNext("bytes 37ff");
    assertThat(server.ledger().times(7)).isEqualTo(2);
  }

  @Test
  void aSilentServerOnlyWritesTheLedger() throws Exception {
    server.echo();
    server.silent();
    WebSocket socket = connect();

    for (int i = 0; i < 1_000; i++) socket.send("m-" + i);
    assertThat(server.ledger().awaitDistinct(1_000, PATIENCE)).isTrue();
    socket.close(1000, "done");

    events.assertNext("open");
    events.assertNext("closing 1000");
    assertThat(server.ledger().orderKept()).isTrue();
    assertThat(server.ledger().missing(0, 1_000)).isEmpty();
  }

  @Test
  void aPoliteCloseIsAnswered() throws Exception {
    WebSocket socket = connect();
    events.assertNext("open");

    socket.close(4001, "bye");

    events.assertNext("closing 4001 bye");
    events.assertNext("closed 4001 bye");
    assertEventually(s -> s.liveSessions() == 0);
  }

  @Test
  void pushReachesEverySession() throws Exception {
    RecordingWebSocket others = new RecordingWebSocket();
    connect();
    http.newWebSocket(request(server.url()), others);
    assertEventually(s -> s.liveSessions() == 2);

    assertThat(server.push("news")).isEqualTo(2);
    assertThat(server.push(new byte[] {1, 2})).isEqualTo(2);

    events.assertNext("open");
    events.assertNext("text news");
    events.assertNext("bytes 0102");
    others.assertNext("open");
    others.assertNext("text news");
  }

  @Test
  void closeAllSendsTheCodeToEverySession() throws Exception {
    connect();
    assertEventually(s -> s.liveSessions() == 1);

    assertThat(server.closeAll(1012, "restart")).isEqualTo(1);

    events.assertNext("open");
    events.assertNext("closing 1012 restart");
    events.assertNext("closed 1012 restart");
    assertEventually(s -> s.liveSessions() == 0);
  }

  @Test
  void rejectionsEndAfterTheirNumberAndAreRecorded() throws Exception {
    server.rejectNext(1, 503, "Retry-After", "2");

    connect("/first?x=1");
    events.assertNext("failed 503 Retry-After: 2");
    connect("/second");
    events.assertNext("open");

    List<UpgradeRequest> requests = server.upgradeRequests();
    assertThat(requests).extracting(UpgradeRequest::attempt).containsExactly(1, 2);
    assertThat(requests)
        .extracting(UpgradeRequest::target)
        .containsExactly("/first?x=1", "/second");
    assertThat(requests).extracting(UpgradeRequest::status).containsExactly(503, 101);
    assertThat(requests.get(1).headers().get("Sec-WebSocket-Version")).isEqualTo("13");
  }

  @Test
  void rejectionLastsUntilTheServerAccepts() throws Exception {
    server.reject(401);
    connect();
    events.assertNext("failed 401");
    connect();
    events.assertNext("failed 401");

    server.accept();
    connect();

    events.assertNext("open");
  }

  @Test
  void theFirstOfferedSubprotocolThatIsSupportedIsChosen() throws Exception {
    server.subprotocols("v1", "v2");

    Request offer =
        request(server.url()).newBuilder().header("Sec-WebSocket-Protocol", "v3, v2, v1").build();
    http.newWebSocket(offer, events);
    events.assertNext("open v2");
    connect();
    events.assertNext("open -");
  }

  @Test
  void deflatedMessagesComeThrough() throws Exception {
    server.deflate();
    server.echo();
    String text = "again and again, ".repeat(500);

    WebSocket socket = connect();
    socket.send(text);

    events.assertNext("open");
    events.assertNext("text " + text);
  }

  @Test
  void aRestartCutsSessionsAndKeepsPortAndLedger() throws Exception {
    int port = server.port();
    for (int round = 1; round <= 5; round++) {
      WebSocket socket = connect();
      events.assertNext("open");
      socket.send("m-" + round);
      assertThat(server.ledger().awaitDistinct(round, PATIENCE)).isTrue();

      server.restart();

      events.assertNext("failed -");
      assertThat(server.liveSessions()).isZero();
      assertThat(server.port()).isEqualTo(port);
    }
    assertThat(server.sessions()).isEqualTo(5);
    assertThat(server.ledger().missing(1, 6)).isEmpty();
  }

  @Test
  void whileStoppedThePortRefuses() throws Exception {
    server.stop();
    server.stop();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()).close())
          .isInstanceOf(ConnectException.class);
    }

    server.startAgain();
    server.startAgain();
    connect();

    events.assertNext("open");
  }

  @Test
  void hundredsOfSessionsSurviveAStorm() throws Exception {
    List<WebSocket> sockets = new ArrayList<>();
    http.dispatcher().setMaxRequests(300);
    http.dispatcher().setMaxRequestsPerHost(300);

    for (int i = 0; i < 300; i++) sockets.add(connect());
    for (int i = 0; i < 300; i++) sockets.get(i).send("m-" + i);
    assertThat(server.ledger().awaitDistinct(300, PATIENCE)).as("%s", server.ledger()).isTrue();
    assertThat(server.liveSessions()).isEqualTo(300);

    server.stop();
    assertThat(server.liveSessions()).isZero();
  }

  @Test
  void aClientThatSaysNothingIsCutToo() throws Exception {
    try (Socket mute = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      mute.setSoTimeout((int) PATIENCE.toMillis());

      server.stop();

      assertThat(hasEnded(mute)).isTrue();
    }
  }

  @Test
  void aPlainRequestIsToldThatOnlyWebSocketsAreServed() throws Exception {
    Request plain = new Request.Builder().url("http://127.0.0.1:" + server.port()).build();

    try (Response response = http.newCall(plain).execute()) {
      assertThat(response.code()).isEqualTo(426);
    }
    assertThat(server.upgradeRequests()).isEmpty();
  }

  @Test
  void tlsIsServedAndRestartsToo() throws Exception {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    HandshakeCertificates mine =
        new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    HandshakeCertificates theirs =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(certificate.certificate())
            .build();
    http =
        http.newBuilder()
            .sslSocketFactory(theirs.sslSocketFactory(), theirs.trustManager())
            .build();
    server.close();
    server = TestServer.builder().tls(mine.sslSocketFactory()).start();
    server.echo();
    assertThat(server.url("/a").toString()).startsWith("wss://localhost:").endsWith("/a");

    connect().send("1");
    events.assertNext("open");
    events.assertNext("text 1");
    server.restart();
    events.assertNext("failed -");
    connect().send("2");

    events.assertNext("open");
    events.assertNext("text 2");
  }

  @Test
  void aClosedServerDoesNotComeBack() throws Exception {
    server.close();

    assertThatThrownBy(server::startAgain).isInstanceOf(IllegalStateException.class);
  }

  // With FIN, or with RST if the server had not taken it out of the backlog.
  private static boolean hasEnded(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketException reset) {
      return true;
    }
  }
}
