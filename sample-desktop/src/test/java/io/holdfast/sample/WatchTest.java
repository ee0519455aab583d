package io.holdfast.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ManagedConnection;
import io.holdfast.testkit.Arrival;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchTest {
  @Test
  @Timeout(30)
  void typedLinesArriveAndTheEndOfTheInputIsTheEnd() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Ledger ledger = new Ledger(text -> -1, 10);
    try (TestServer server = TestServer.builder().ledger(ledger).start()) {
      int status =
          Watch.run(
              ManagedConnection.builder(server.url("/feed?token=secret")),
              new ByteArrayInputStream("hello\n\u00fcber\n".getBytes(UTF_8)),
              null,
              new Timeline(new PrintStream(printed, true, UTF_8), false, System::nanoTime));

      assertThat(status).isZero();
      assertThat(ledger.kept()).extracting(Arrival::text).containsExactly("hello", "\u00fcber");
    }
    assertThat(printed.toString(UTF_8).strip())
        .doesNotContain("secret")
        .endsWith("accepted=2 delivered=2 undelivered=0 received=0 reconnects=0");
  }

  @Test
  @Timeout(30)
  void aServerThatRefusesForGoodEndsItWithStatus1() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.rejectNext(Integer.MAX_VALUE, 400);

      int status =
          Watch.run(
              ManagedConnection.builder(server.url()),
              new ByteArrayInputStream("hello\n".getBytes(UTF_8)),
              null,
              new Timeline(
                  new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                  false,
                  System::nanoTime));

      assertThat(status).isEqualTo(1);
    }
  }
}
