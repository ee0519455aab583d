package io.holdfast.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** Answers the requests that reach a {@link TestServer}, and remembers those for a WebSocket. */
final class Upgrades extends Dispatcher {
  private final Supplier<WebSocketListener> sessions;
  private final Runnable onRequest;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below.
  private final List<UpgradeRequest> requests = new ArrayList<>();
  private final Set<String> subprotocols = new HashSet<>();
  private boolean deflate;
  private @Nullable MockResponse rejection;
  private long rejectionsLeft;

  Upgrades(Supplier<WebSocketListener> sessions, Runnable onRequest) {
    this.sessions = sessions;
    this.onRequest = onRequest;
  }

  void reject(long attempts, int status, Headers headers) {
    locked(
        () -> {
          rejection = new MockResponse.Builder().code(status).headers(headers).build();
          rejectionsLeft = attempts;
          return rejection;
        });
  }

  void subprotocols(List<String> chosenFrom) {
    locked(
        () -> {
          subprotocols.clear();
          return subprotocols.addAll(chosenFrom);
        });
  }

  void deflate(boolean accepted) {
    locked(() -> deflate = accepted);
  }

  List<UpgradeRequest> requests() {
    return locked(() -> List.copyOf(requests));
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    if (!isUpgrade(request)) {
      return new MockResponse.Builder().code(426).body("WebSocket only\n").build();
    }
    MockResponse response = locked(() -> answer(request));
    onRequest.run();
    return response;
  }

  private MockResponse answer(RecordedRequest request) {
    MockResponse response = rejection != null && rejectionsLeft > 0 ? rejection : accept(request);
    if (response == rejection) rejectionsLeft--;
    int attempt = requests.size() + 1;
    requests.add(
        new UpgradeRequest(attempt, request.getTarget(), request.getHeaders(), response.getCode()));
    return response;
  }

  private MockResponse accept(RecordedRequest request) {
    MockResponse.Builder response = new MockResponse.Builder().webSocketUpgrade(sessions.get());
    offered(request, "Sec-WebSocket-Protocol")
        .filter(subprotocols::contains)
        .findFirst()
        .ifPresent(chosen -> response.setHeader("Sec-WebSocket-Protocol", chosen));
    if (deflate && offered(request, "Sec-WebSocket-Extensions").anyMatch(Upgrades::isDeflate)) {
      response.setHeader("Sec-WebSocket-Extensions", "permessage-deflate");
    }
    return response.build();
  }

  private static Stream<String> offered(RecordedRequest request, String header) {
    return request.getHeaders().values(header).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::trim);
  }

  private static boolean isDeflate(String offer) {
    return offer.equals("permessage-deflate") || offer.startsWith("permessage-deflate;");
  }

  // MockWebServer upgrades only what passes these checks, and crashes on a missing key.
  private static boolean isUpgrade(RecordedRequest request) {
    Headers headers = request.getHeaders();
    return "upgrade".equals(lowerCase(headers.get("Connection")))
        && "websocket".equals(lowerCase(headers.get("Upgrade")))
        && headers.get("Sec-WebSocket-Key") != null;
  }

  private static @Nullable String lowerCase(@Nullable String value) {
    return value == null ? null : value.toLowerCase(Locale.ROOT);
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
