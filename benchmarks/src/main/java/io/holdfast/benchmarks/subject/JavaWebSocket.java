package io.holdfast.benchmarks.subject;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;

/** The library Java-WebSocket. */
final class JavaWebSocket implements Connection {
  private final WebSocketClient webSocket;

  private JavaWebSocket(WebSocketClient webSocket) {
    this.webSocket = webSocket;
  }

  static Connection connect(URI uri, Arrivals arrivals) throws Exception {
    WebSocketClient webSocket = new Listening(uri, arrivals);
    webSocket.setTcpNoDelay(true);
    if (!webSocket.connectBlocking(10, SECONDS)) throw new TimeoutException("not open");
    return new JavaWebSocket(webSocket);
  }

  private static final class Listening extends WebSocketClient {
    private final Arrivals arrivals;

    Listening(URI uri, Arrivals arrivals) {
      super(uri);
      this.arrivals = arrivals;
    }

    @Override
    public void onOpen(ServerHandshake handshake) {}

    @Override
    public void onMessage(String message) {}

    @Override
    public void onMessage(ByteBuffer bytes) {
      arrivals.message(bytes, bytes.remaining());
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {}

    @Override
    public void onError(Exception thrown) {}
  }

  @Override
  public void send(byte[] payload) {
    webSocket.send(payload);
  }

  @Override
  public void close() {
    webSocket.close();
  }
}
