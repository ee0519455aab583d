package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link TestServer} does to those who ask for a session. */
@Timeout(20)
class HandshakeFaultsTest extends ServerFixture {
  @Test
  void aDeniedClientIsForbidden() throws Exception {
    server.deny();

    connect();

    events.assertNext("failed 403");
  }

  @Test
  void aRejectionHasAnEndThatAPlainClientSees() throws Exception {
    server.reject(503, "Retry-After", "1");
    Request upgrade =
        request(server.url())
            .newBuilder()
            .url("http://127.0.0.1:" + server.port() + "/")
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")
            .build();

    OkHttpClient plain = http.newBuilder().readTimeout(Duration.ofSeconds(2)).build();
    try (Response answer = plain.newCall(upgrade).execute()) {
      assertThat(answer.body().string()).isEmpty();
      assertThat(answer.header("Retry-After")).isEqualTo("1");
    }
  }

  @Test
  void aTokenOpensItsNumberOfSessionsAndANewOneAsManyAgain() throws Exception {
    server.expireTokens(2);

    for (String token : List.of("a", "a", "b", "b")) {
      connectWith(token);
      events.assertNext("open");
      connectWith(null);
      events.assertNext("failed 401 WWW-Authenticate: Bearer");
    }
    connectWith("a");
    events.assertNext("failed 401");
    server.accept();
    connectWith("a");

    events.assertNext("open");
  }

  @Test
  void aTokenLivesFromTheFirstTimeItIsShown() throws Exception {
    AtomicLong nowNanos = new AtomicLong(7);
    server.close();
    server = TestServer.builder().nanoClock(nowNanos::get).start();
    server.expireTokens(Duration.ofNanos(100));
    connectWith("a");
    events.assertNext("open");

    nowNanos.addAndGet(99);
    connectWith("a");
    events.assertNext("open");
    nowNanos.addAndGet(1);
    connectWith("a");

    events.assertNext("failed 401");
    connectWith("b");
    events.assertNext("open");
    assertEventually(s -> s.liveSessions() == 3);
  }

  @Test
  void aSlowHandshakeTakesItsTime() throws Exception {
    server.slowHandshake(Duration.ofMillis(150));
    long startedAtNanos = System.nanoTime();

    connect();
    events.assertNext("open");

    assertThat(System.nanoTime() - startedAtNanos).isGreaterThanOrEqualTo(150_000_000L);
  }

  @Test
  void aServerStopsInTheMiddleOfASlowHandshake() throws Exception {
    server.slowHandshake(Duration.ofSeconds(60));
    connect();
    assertEventually(s -> s.upgradeRequests().size() == 1);

    server.stop();

    events.assertNext("failed -");
  }

  @Test
  void headersOfTheUpgradeAreAddedAndReplaced() throws Exception {
    server.upgradeHeaders("Sec-WebSocket-Protocol", "never-offered");
    connect();
    events.assertNext("open never-offered");

    server.unruly();
    server.upgradeHeaders("Sec-WebSocket-Accept", "wrong");
    connect();

    events.assertNext("failed 101");
  }

  @Test
  void anAcceptedClientIsDroppedUntilTheServerAccepts() throws Exception {
    server.acceptAndDrop();
    for (int i = 1; i <= 3; i++) {
      connect();
      events.assertNext("open");
      events.assertNext("failed");
    }
    assertEventually(s -> s.sessions() == 3);
    assertThat(server.liveSessions()).isZero();
    server.accept();

    connect();

    events.assertNext("open");
    assertEventually(s -> s.liveSessions() == 1);
  }

  /** MockWebServer warns of a client that made no request, but not of a socket that failed. */
  @Test
  void whoLeavesWithoutARequestIsAFailureAndNoWarning() throws Exception {
    try (ServerSocket listener = new ListeningSockets().createServerSocket()) {
      listener.bind(LoopbackPort.address(0));
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
          Socket accepted = listener.accept()) {
        client.shutdownOutput();

        assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(EOFException.class);
        assertThat(accepted.isClosed()).isTrue();
      }
    }
  }

  @Test
  void whoLeavesWithoutARequestIsLetGo() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      client.setSoTimeout((int) PATIENCE.toMillis());

      client.shutdownOutput();

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aTokenThatOpensNothingIsRefused() {
    assertThatThrownBy(() -> server.expireTokens(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("upgrades with a token must be >= 1 but was 0");
    assertThatThrownBy(() -> server.slowHandshake(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delay must be >= PT0S but was PT-0.001S");
  }

  private void connectWith(@Nullable String token) {
    Request.Builder request = request(server.url()).newBuilder();
    if (token != null) request.header("Authorization", "Bearer " + token);
    http.newWebSocket(request.build(), events);
  }
}
