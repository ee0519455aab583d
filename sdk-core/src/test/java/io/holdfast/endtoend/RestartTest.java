package io.holdfast.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Backoff;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.queue.JournalSendQueue;
import io.holdfast.queue.QueueInUseException;
import io.holdfast.testkit.Arrival;
import io.holdfast.testkit.Ledger;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection whose messages are in a directory, over real sockets and a real disk. */
@Timeout(60)
class RestartTest {
  @TempDir Path directory;
  private final Ledger ledger = new Ledger(text -> -1, 1_000);
  private final ExecutorService disk = Executors.newSingleThreadExecutor();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.builder().ledger(ledger).start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    disk.shutdown();
  }

  private ManagedConnection connect() {
    Duration soon = Duration.ofMillis(20);
    return ManagedConnection.builder(server.url())
        .backoff(new Backoff(soon, soon, soon))
        .barrierSpacing(soon)
        .sendQueue(JournalSendQueue.builder(directory.resolve("queue"), disk).build())
        .build();
  }

  private static void close(ManagedConnection connection) throws InterruptedException {
    States states = States.of(connection);
    connection.close();
    states.await(Closed.class, 1);
  }

  private static Delivery accepted(ManagedConnection connection, String text) throws Exception {
    Delivery delivery = connection.send(text);
    CompletableFuture<Void> accepted = new CompletableFuture<>();
    delivery.whenAccepted(() -> accepted.complete(null));
    accepted.get(10, SECONDS);
    return delivery;
  }

  @Test
  void whatWasAcceptedOfflineArrivesInTheNextLifeInOrder() throws Exception {
    List<String> texts = new ArrayList<>();
    ManagedConnection first = connect();
    for (int i = 0; i < 100; i++) {
      texts.add("message " + i);
      accepted(first, texts.get(i));
    }
    close(first);

    ManagedConnection second = connect();
    List<Delivery> left = second.recovered().get(10, SECONDS);
    second.open();
    for (Delivery delivery : left) {
      assertThat(delivery.toFuture().get(10, SECONDS)).isEqualTo(new Fate.Confirmed());
    }
    close(second);

    assertThat(ledger.kept()).extracting(Arrival::text).containsExactlyElementsOf(texts);
    ManagedConnection third = connect();
    assertThat(third.recovered().get(10, SECONDS)).isEmpty();
    close(third);
  }

  @Test
  void aSecondConnectionIsToldThatTheDirectoryIsInUse() throws Exception {
    ManagedConnection first = connect();
    first.recovered().get(10, SECONDS);
    ManagedConnection second = connect();

    assertThatThrownBy(() -> second.recovered().get(10, SECONDS))
        .hasCauseInstanceOf(QueueInUseException.class)
        .hasMessageContaining(directory.toString());
    assertThat(second.send("a").toFuture().get(10, SECONDS))
        .isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.QUEUE_NOT_OPEN));

    close(second);
    accepted(first, "still works");
    close(first);
  }
}
