package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Writes down what OkHttp's WebSocket tells, one line for each event. */
final class RecordingWebSocket extends WebSocketListener {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  void assertNext(String expected) throws InterruptedException {
    assertThat(events.poll(5, TimeUnit.SECONDS)).startsWith(expected);
  }

  @Override
  public void onOpen(WebSocket webSocket, Response response) {
    events.add("open " + response.header("Sec-WebSocket-Protocol", "-"));
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    events.add("text " + text);
  }

  @Override
  public void onMessage(WebSocket webSocket, ByteString bytes) {
    events.add("bytes " + bytes.hex());
  }

  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    events.add("closing " + code + " " + reason);
    webSocket.close(1000, null);
  }

  @Override
  public void onClosed(WebSocket webSocket, int code, String reason) {
    events.add("closed " + code + " " + reason);
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable cause, @Nullable Response response) {
    String status = response == null ? "-" : response.code() + " " + response.headers();
    events.add("failed " + status);
  }
}
