package io.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.Backoff;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.SendOptions;
import io.holdfast.protocol.ReliableProtocol;
import io.holdfast.testkit.Direction;
import io.holdfast.testkit.FaultProxy;
import io.holdfast.testkit.TestServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The reliable protocol between a real server and a real connection over a path that breaks. */
class ReliableEndToEndTest {
  private static final SendOptions ACKNOWLEDGED =
      SendOptions.DEFAULT.withAssurance(Assurance.ACKNOWLEDGED);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static ManagedConnection connectionTo(int port) {
    return ManagedConnection.builder(URI.create("ws://127.0.0.1:" + port + "/"))
        .protocol(ReliableProtocol.create())
        .backoff(new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ZERO))
        .build();
  }

  private static void awaitAll(List<Delivery> deliveries) throws Exception {
    CompletableFuture.allOf(
            deliveries.stream().map(Delivery::toFuture).toArray(CompletableFuture<?>[]::new))
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void nothingIsLostAndNothingComesTwiceThroughCutsInMidFrame() throws Exception {
    try (TestServer server = TestServer.start();
        FaultProxy path = FaultProxy.to(server.port());
        ManagedConnection connection = connectionTo(path.port())) {
      server.reliable();
      connection.open();
      List<Delivery> all = new ArrayList<>();
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 100; i++) {
          all.add(connection.send(Message.text("m" + (round * 100 + i)), ACKNOWLEDGED));
        }
        path.cutAfter(round % 2 == 0 ? Direction.TO_SERVER : Direction.TO_CLIENT, 700);
        assertThat(server.ledger().awaitDistinct(round * 100 + 10, PATIENCE)).isTrue();
        path.pass();
      }
      awaitAll(all);

      assertThat(all)
          .allSatisfy(
              delivery -> assertThat(delivery.fate()).isEqualTo(new Fate.Acknowledged(null)));
      assertThat(server.ledger().distinct()).isEqualTo(1_000);
      assertThat(server.ledger().duplicates()).isZero();
      assertThat(server.ledger().orderKept()).isTrue();
    }
  }

  @Test
  void whatTheServerSendsWhileThereIsNoTransportComesOnceAndInOrder() throws Exception {
    try (TestServer server = TestServer.start();
        ManagedConnection connection = connectionTo(server.port())) {
      server.reliable();
      List<String> received = new CopyOnWriteArrayList<>();
      CompletableFuture<String> echoed = new CompletableFuture<>();
      connection
          .receive(
              message -> {
                String text = ((Message.Text) message).text();
                received.add(text);
                if (text.equals("3")) echoed.complete(text);
              })
          .request(MessageDemand.UNBOUNDED);
      connection.open();
      connection.send(Message.text("1"), ACKNOWLEDGED).toFuture().get(20, TimeUnit.SECONDS);
      server.pushReliably("a");
      server.stop();
      server.pushReliably("b");
      server.startAgain();
      server.pushReliably("c");
      connection.send(Message.text("2"), ACKNOWLEDGED).toFuture().get(20, TimeUnit.SECONDS);
      server.echo();
      connection.send(Message.text("3"), ACKNOWLEDGED).toFuture().get(20, TimeUnit.SECONDS);
      echoed.get(20, TimeUnit.SECONDS);

      assertThat(received).containsExactly("a", "b", "c", "3");
      assertThat(server.ledger().duplicates()).isZero();
    }
  }
}
