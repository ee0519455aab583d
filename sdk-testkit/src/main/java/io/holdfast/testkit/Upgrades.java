package io.holdfast.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okio.BufferedSink;
import okio.Okio;
import okio.Socket;
import org.jspecify.annotations.Nullable;

/** Answers the requests that reach a {@link TestServer}, and remembers those for a WebSocket. */
final class Upgrades extends Dispatcher {
  private final Sessions sessions;
  private final Consumer<UpgradeRequest> onRequest;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below.
  private final List<UpgradeRequest> requests = new ArrayList<>();
  private final Set<String> subprotocols = new HashSet<>();
  private boolean deflate;
  private Kind kind = Kind.ORDERLY;
  private boolean dropping;
  private Headers extraHeaders = Headers.EMPTY;
  private long delayNanos;
  private @Nullable Tokens tokens;
  private @Nullable MockResponse rejection;
  private long rejectionsLeft;

  /** Who plays the sessions that open from now on. */
  enum Kind {
    ORDERLY,
    UNRULY
  }

  Upgrades(Sessions sessions, LongSupplier nanoClock, Consumer<UpgradeRequest> onRequest) {
    this.sessions = sessions;
    this.nanoClock = nanoClock;
    this.onRequest = onRequest;
  }

  void reject(long attempts, int status, Headers headers) {
    MockResponse answer = rejection(status, headers);
    locked(
        () -> {
          rejection = answer;
          rejectionsLeft = attempts;
          return rejection;
        });
  }

  // Without a length, a client would wait for the body's end.
  private static MockResponse rejection(int status, Headers headers) {
    MockResponse.Builder answer = new MockResponse.Builder().code(status).headers(headers);
    if (headers.get("Content-Length") == null) answer.setHeader("Content-Length", "0");
    return answer.build();
  }

  void accept() {
    locked(
        () -> {
          rejectionsLeft = 0;
          tokens = null;
          dropping = false;
          delayNanos = 0;
          extraHeaders = Headers.EMPTY;
          return true;
        });
  }

  void kind(Kind next) {
    locked(() -> kind = next);
  }

  void drop() {
    locked(() -> dropping = true);
  }

  void tokens(Tokens good) {
    locked(() -> tokens = good);
  }

  void extraHeaders(Headers headers) {
    locked(() -> extraHeaders = headers);
  }

  void delay(long nanos) {
    locked(() -> delayNanos = nanos);
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
    Answered answered = locked(() -> answer(request));
    onRequest.accept(answered.request());
    return answered.response();
  }

  private record Answered(UpgradeRequest request, MockResponse response) {}

  private Answered answer(RecordedRequest request) {
    MockResponse response = rejected(request).orElseGet(() -> accepted(request));
    int attempt = requests.size() + 1;
    UpgradeRequest answered =
        new UpgradeRequest(attempt, request.getTarget(), request.getHeaders(), response.getCode());
    requests.add(answered);
    if (delayNanos == 0) return new Answered(answered, response);
    return new Answered(
        answered, response.newBuilder().headersDelay(delayNanos, TimeUnit.NANOSECONDS).build());
  }

  private Optional<MockResponse> rejected(RecordedRequest request) {
    if (rejection != null && rejectionsLeft > 0) {
      rejectionsLeft--;
      return Optional.of(rejection);
    }
    if (tokens == null) return Optional.empty();
    String token = request.getHeaders().get("Authorization");
    if (tokens.admits(token, nanoClock.getAsLong())) return Optional.empty();
    return Optional.of(rejection(401, Headers.of("WWW-Authenticate", "Bearer")));
  }

  private MockResponse accepted(RecordedRequest request) {
    MockResponse.Builder response = upgrade(request);
    offered(request, "Sec-WebSocket-Protocol")
        .filter(subprotocols::contains)
        .findFirst()
        .ifPresent(chosen -> response.setHeader("Sec-WebSocket-Protocol", chosen));
    boolean orderly = kind == Kind.ORDERLY && !dropping;
    if (orderly
        && deflate
        && offered(request, "Sec-WebSocket-Extensions").anyMatch(Upgrades::isDeflate)) {
      response.setHeader("Sec-WebSocket-Extensions", "permessage-deflate");
    }
    for (String name : extraHeaders.names()) response.removeHeader(name);
    extraHeaders.forEach(
        header -> response.addHeader(header.getFirst(), (Object) header.getSecond()));
    return response.build();
  }

  private MockResponse.Builder upgrade(RecordedRequest request) {
    MockResponse.Builder response = new MockResponse.Builder();
    if (kind == Kind.ORDERLY && !dropping) {
      return response.webSocketUpgrade(new OrderlySession(sessions.rules, sessions));
    }
    String key = request.getHeaders().get("Sec-WebSocket-Key");
    return response
        .status("HTTP/1.1 101 Switching Protocols")
        .clearHeaders()
        .addHeader("Upgrade", "websocket")
        .addHeader("Connection", "Upgrade")
        .addHeader("Sec-WebSocket-Accept", RawSession.acceptFor(String.valueOf(key)))
        .socketHandler(dropping ? this::drop : new UnrulySession(sessions.rules, sessions));
  }

  private void drop(Socket socket) {
    try (BufferedSink sink = Okio.buffer(socket.getSink())) {
      sink.flush();
    } catch (IOException connectionLost) {
      // Then it is gone all the same.
    }
    sessions.dropped();
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
