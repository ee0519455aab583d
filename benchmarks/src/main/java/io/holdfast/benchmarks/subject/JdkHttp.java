package io.holdfast.benchmarks.subject;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The JDK's {@code java.net.http.WebSocket}, which sends one message at a time. */
final class JdkHttp implements Connection {
  private final WebSocket webSocket;
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

  private JdkHttp(WebSocket webSocket) {
    this.webSocket = webSocket;
  }

  static Connection connect(URI uri, Arrivals arrivals) throws Exception {
    return new JdkHttp(
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(uri, new Listening(arrivals))
            .get(10, SECONDS));
  }

  private static final class Listening implements WebSocket.Listener {
    private final Arrivals arrivals;
    private int bytes;

    Listening(Arrivals arrivals) {
      this.arrivals = arrivals;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
        WebSocket webSocket, ByteBuffer part, boolean last) {
      bytes += part.remaining();
      if (last) {
        arrivals.message(part, bytes);
        bytes = 0;
      }
      webSocket.request(1);
      return null;
    }
  }

  @Override
  public void send(byte[] payload) {
    sent.join();
    sent = webSocket.sendBinary(ByteBuffer.wrap(payload), true);
  }

  @Override
  public void close() {
    webSocket.abort();
  }
}
