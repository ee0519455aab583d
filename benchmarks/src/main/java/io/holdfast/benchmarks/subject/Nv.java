package io.holdfast.benchmarks.subject;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketAdapter;
import com.neovisionaries.ws.client.WebSocketFactory;
import java.net.URI;

/** The library nv-websocket-client. */
final class Nv implements Connection {
  private final WebSocket webSocket;

  private Nv(WebSocket webSocket) {
    this.webSocket = webSocket;
  }

  static Connection connect(URI uri, Arrivals arrivals) throws Exception {
    WebSocket webSocket = new WebSocketFactory().setConnectionTimeout(10_000).createSocket(uri);
    webSocket.addListener(
        new WebSocketAdapter() {
          @Override
          public void onBinaryMessage(WebSocket webSocket, byte[] binary) {
            arrivals.message(binary, binary.length);
          }
        });
    webSocket.connect();
    webSocket.getSocket().setTcpNoDelay(true);
    return new Nv(webSocket);
  }

  @Override
  public void send(byte[] payload) {
    webSocket.sendBinary(payload);
  }

  @Override
  public void close() {
    webSocket.disconnect();
  }
}
