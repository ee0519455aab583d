package io.holdfast.sample.watch;

import io.holdfast.sample.Running;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server, and the command that watches it. */
abstract class WatchFixture {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  final Ledger ledger = new Ledger(text -> -1, 10_000);
  TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.builder().ledger(ledger).start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** Watches the server, with short times. */
  Running watch(String... options) throws IOException {
    return watchUrl(server.url().toString(), options);
  }

  static Running watchUrl(String url, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(url));
    arguments.addAll(List.of("--backoff=1ms", "--backoff-max=1ms", "--spread=0s"));
    arguments.addAll(List.of(options));
    if (arguments.stream().noneMatch(option -> option.startsWith("--linger"))) {
      arguments.add("--linger=0s");
    }
    return new Running(
        (in, out) -> new WatchCommand(in, out, false), arguments.toArray(String[]::new));
  }

  void awaitSessions(int count) throws InterruptedException {
    if (!server.await(now -> now.sessions() >= count && now.liveSessions() > 0, PATIENCE)) {
      throw new AssertionError("sessions: " + server.sessions());
    }
  }

  void awaitArrivals(int count) throws InterruptedException {
    if (!ledger.await(now -> now.arrivals() >= count, PATIENCE)) throw new AssertionError(ledger);
  }
}
