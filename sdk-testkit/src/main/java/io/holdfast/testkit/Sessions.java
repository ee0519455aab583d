package io.holdfast.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** The sessions of a {@link TestServer}: numbers them, writes the ledger, echoes. */
final class Sessions {
  private static final int NORMAL_CLOSURE = 1000;
  private static final int NO_STATUS_RECEIVED = 1005;

  private final Ledger ledger;
  private final Runnable onChange;
  private final AtomicInteger opened = new AtomicInteger();
  private final Set<WebSocket> live = ConcurrentHashMap.newKeySet();
  private volatile boolean echo;

  Sessions(Ledger ledger, Runnable onChange) {
    this.ledger = ledger;
    this.onChange = onChange;
  }

  WebSocketListener next() {
    return new Session();
  }

  void echo(boolean on) {
    echo = on;
  }

  int opened() {
    return opened.get();
  }

  int live() {
    return live.size();
  }

  /** Does {@code action} with every live session and counts those that agreed to it. */
  int each(Predicate<WebSocket> action) {
    return (int) live.stream().filter(action).count();
  }

  /** OkHttp calls a session's methods on one thread, except that a writer may report a failure. */
  private final class Session extends WebSocketListener {
    private volatile int number;

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
      number = opened.incrementAndGet();
      live.add(webSocket);
      onChange.run();
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
      ledger.record(number, text);
      if (echo) webSocket.send(text);
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
      ledger.record(number, bytes.string(StandardCharsets.UTF_8));
      if (echo) webSocket.send(bytes);
    }

    // Unanswered, the Close would keep MockWebServer's thread, and its close() would give up.
    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      webSocket.close(code == NO_STATUS_RECEIVED ? NORMAL_CLOSURE : code, reason);
      ended(webSocket);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable cause, @Nullable Response response) {
      ended(webSocket);
    }

    private void ended(WebSocket webSocket) {
      live.remove(webSocket);
      onChange.run();
    }
  }
}
