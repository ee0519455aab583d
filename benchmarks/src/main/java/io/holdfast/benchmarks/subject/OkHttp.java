package io.holdfast.benchmarks.subject;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** OkHttp's own WebSocket. */
final class OkHttp implements Connection {
  private final OkHttpClient okHttp;
  private final WebSocket webSocket;

  private OkHttp(OkHttpClient okHttp, WebSocket webSocket) {
    this.okHttp = okHttp;
    this.webSocket = webSocket;
  }

  static Connection connect(URI uri, Arrivals arrivals) throws Exception {
    OkHttpClient okHttp = new OkHttpClient.Builder().socketFactory(new UndelayedSockets()).build();
    CompletableFuture<Response> opened = new CompletableFuture<>();
    WebSocket webSocket =
        okHttp.newWebSocket(
            new Request.Builder().url(uri.toString()).build(),
            new WebSocketListener() {
              @Override
              public void onOpen(WebSocket webSocket, Response response) {
                opened.complete(response);
              }

              @Override
              public void onMessage(WebSocket webSocket, ByteString bytes) {
                arrivals.message(bytes, bytes.size());
              }

              @Override
              public void onFailure(
                  WebSocket webSocket, Throwable thrown, @Nullable Response response) {
                opened.completeExceptionally(thrown);
              }
            });
    opened.get(10, SECONDS);
    return new OkHttp(okHttp, webSocket);
  }

  @Override
  public void send(byte[] payload) {
    if (!webSocket.send(ByteString.of(payload))) throw new IllegalStateException("refused");
  }

  @Override
  public void close() {
    webSocket.cancel();
    okHttp.dispatcher().executorService().shutdown();
  }
}
