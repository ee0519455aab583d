package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RawServerTest {
  private final RecordingWebSocket events = new RecordingWebSocket();
  private final OkHttpClient http = new OkHttpClient();
  private final List<Socket> clients = new ArrayList<>();
  private RawServer server;

  @BeforeEach
  void start() throws IOException {
    server = RawServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    for (Socket client : clients) client.close();
    http.dispatcher().executorService().shutdown();
  }

  @Test
  void aScriptedPeerTalksToARealClient() throws Exception {
    WebSocket socket = connect();
    RawSession session = server.accept();
    session.upgrade("Sec-WebSocket-Protocol", "v1");
    session.send(RawFrame.text("hi"));
    session.send(RawFrame.ping(ByteString.encodeUtf8("p")));
    RawFrame pong = session.readFrame();
    socket.send("höö");
    RawFrame text = session.readFrame();

    events.assertNext("open v1");
    events.assertNext("text hi");
    assertThat(pong.opcode()).isEqualTo(RawFrame.PONG);
    assertThat(pong.text()).isEqualTo("p");
    assertThat(text.text()).isEqualTo("höö");
    assertThat(text.fin()).isTrue();
    assertThat(text.maskKey()).isNotNull();
    assertThat(session.requestLine()).isEqualTo("GET / HTTP/1.1");
    assertThat(session.headers().get("Upgrade")).isEqualTo("websocket");
  }

  @Test
  void closeGoesThroughWithCodeAndReason() throws Exception {
    WebSocket socket = connect();
    RawSession session = server.accept();
    session.upgrade();

    socket.close(4000, "why");
    RawFrame close = session.readFrame();
    session.send(RawFrame.close(1000, "fine"));

    assertThat(close.opcode()).isEqualTo(RawFrame.CLOSE);
    assertThat(close.closeCode()).isEqualTo(4000);
    assertThat(close.closeReason()).isEqualTo("why");
    events.assertNext("open");
    events.assertNext("closing 1000 fine");
    assertThat(session.awaitEnd()).isEqualTo(RawSession.End.FIN);
  }

  @Test
  void anAnswerOfTheTestsOwnReachesTheClient() throws Exception {
    connect();

    server.accept().send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");

    events.assertNext("failed 403");
  }

  @Test
  void aHalfClosedSessionStillReads() throws Exception {
    Socket client = plainConnect();
    RawSession session = server.accept();

    session.halfClose();
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    client.getOutputStream().write(7);

    assertThat(session.readBytes(1).hex()).isEqualTo("07");
  }

  @Test
  void aResetReachesTheClient() throws Exception {
    Socket client = plainConnect();
    RawSession session = server.accept();

    session.reset();
    session.reset();

    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void theClientsResetIsToldFromItsFin() throws Exception {
    Socket polite = plainConnect();
    RawSession politely = server.accept();
    Socket rude = plainConnect();
    RawSession rudely = server.accept();

    polite.close();
    rude.setSoLinger(true, 0);
    rude.close();

    assertThat(politely.awaitEnd()).isEqualTo(RawSession.End.FIN);
    assertThat(rudely.awaitEnd()).isEqualTo(RawSession.End.RESET);
  }

  @Test
  void everyWaitIsBounded() throws Exception {
    try (RawServer hasty = RawServer.start(Duration.ofMillis(50))) {
      assertThatThrownBy(hasty::accept)
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("no connection in PT0.05S");

      plainConnect(hasty.port());
      RawSession session = hasty.accept();

      assertThatThrownBy(session::readFrame)
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("could not read a frame's first two bytes in PT0.05S");
      ByteString large = ByteString.of(new byte[32 * 1024 * 1024]);
      assertThatThrownBy(() -> session.send(large))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("could not write");
    }
  }

  @Test
  void aFrameCutShortIsAnEndOfStream() throws Exception {
    Socket client = plainConnect();
    RawSession session = server.accept();

    client.getOutputStream().write(new byte[] {(byte) 0x81, 5, 'h'});
    client.shutdownOutput();

    assertThatThrownBy(session::readFrame).isInstanceOf(EOFException.class);
  }

  @Test
  void aLengthThatIsNotTheShortestIsNoted() throws Exception {
    Socket client = plainConnect();
    RawSession session = server.accept();

    client.getOutputStream().write(new byte[] {(byte) 0x81, 126, 0, 5});

    assertThatThrownBy(session::readFrame)
        .isInstanceOf(ProtocolException.class)
        .hasMessage("length 5 must be in its shortest form");
  }

  private WebSocket connect() {
    return http.newWebSocket(new Request.Builder().url(server.url().toString()).build(), events);
  }

  private Socket plainConnect() throws IOException {
    return plainConnect(server.port());
  }

  private Socket plainConnect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    clients.add(socket);
    socket.setSoTimeout(5_000);
    socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
