package io.holdfast.testkit;

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
    Session open = self;
    if (open != null && sessions.arrived(open, number, bytes)) webSocket.send(bytes);
  }

  // Unanswered, the Close would keep MockWebServer's thread, and its close() would give up.
  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    boolean none = code == CloseCodes.NO_STATUS_RECEIVED;
    webSocket.close(none ? CloseCodes.NORMAL_CLOSURE : code, reason);
    ended(code, reason);
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable cause, @Nullable Response response) {
    ended(CloseCodes.NO_CLOSE_FRAME, "");
  }

  private void ended(int code, String reason) {
    Session open = self;
    if (open != null) sessions.ended(open, code, reason);
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
