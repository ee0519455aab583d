package io.holdfast.testkit;

import java.nio.charset.StandardCharsets;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A session that keeps to RFC 6455, in OkHttp's words. OkHttp calls its methods on one thread,
 * except that a writer may report a failure.
 */
final class OrderlySession extends WebSocketListener {
  private static final int NORMAL_CLOSURE = 1000;
  private static final int NO_STATUS_RECEIVED = 1005;

  private final Rules rules;
  private final Sessions sessions;
  private volatile int number;
  private volatile @Nullable Session self;

  OrderlySession(Rules rules, Sessions sessions) {
    this.rules = rules;
    this.sessions = sessions;
  }

  @Override
  public void onOpen(WebSocket webSocket, Response response) {
    Session opened = new Open(webSocket);
    self = opened;
    number = sessions.opened(opened);
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    sessions.arrived(number, text);
    if (rules.echo) webSocket.send(text);
  }

  @Override
  public void onMessage(WebSocket webSocket, ByteString bytes) {
    sessions.arrived(number, bytes.string(StandardCharsets.UTF_8));
    if (rules.echo) webSocket.send(bytes);
  }

  // Unanswered, the Close would keep MockWebServer's thread, and its close() would give up.
  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    webSocket.close(code == NO_STATUS_RECEIVED ? NORMAL_CLOSURE : code, reason);
    ended();
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable cause, @Nullable Response response) {
    ended();
  }

  private void ended() {
    Session open = self;
    if (open != null) sessions.ended(open);
  }

  private record Open(WebSocket webSocket) implements Session {
    @Override
    public boolean send(String text) {
      return webSocket.send(text);
    }

    @Override
    public boolean send(ByteString bytes) {
      return webSocket.send(bytes);
    }

    @Override
    public boolean close(int code, String reason) {
      return webSocket.close(code, reason);
    }
  }
}
