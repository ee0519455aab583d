package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test server, OkHttp as its client, and what the client tells. */
abstract class ServerFixture {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  final RecordingWebSocket events = new RecordingWebSocket();
  OkHttpClient http = new OkHttpClient();
  TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
  }

  @AfterEach
  void nothingIsLeftOver() throws Exception {
    server.close();

    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
    assertThat(server.liveSessions()).isZero();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.getName().startsWith("MockWebServer")) continue;
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  WebSocket connect() {
    return connect("/");
  }

  WebSocket connect(String target) {
    return http.newWebSocket(request(server.url(target)), events);
  }

  static Request request(URI url) {
    return new Request.Builder().url(url.toString()).build();
  }

  void assertEventually(Predicate<TestServer> condition) throws InterruptedException {
    assertThat(server.await(condition, PATIENCE)).isTrue();
  }
}
