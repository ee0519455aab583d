package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import okio.ByteString;

/** A client on a plain socket, which sees and says every byte of a session. */
final class RawClient implements Closeable {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final ByteString MASK_KEY = ByteString.decodeHex("01020304");

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  /** Opens a session that the server knows as live. */
  static RawClient connect(TestServer server) throws Exception {
    int before = server.liveSessions();
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    RawClient client = new RawClient(socket);
    client.send(
        String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "",
            ""));
    assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    assertThat(server.await(s -> s.liveSessions() > before, Duration.ofMillis(PATIENCE_MILLIS)))
        .isTrue();
    return client;
  }

  private String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) head.append((char) read(1).getByte(0));
    return head.toString();
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends a frame with a mask. */
  void send(RawFrame frame) throws IOException {
    socket.getOutputStream().write(frame.withMaskKey(MASK_KEY).encode().toByteArray());
  }

  ByteString read(int count) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(count);
    assertThat(bytes).hasSize(count);
    return ByteString.of(bytes);
  }

  boolean atEnd() throws IOException {
    return socket.getInputStream().read() == -1;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
