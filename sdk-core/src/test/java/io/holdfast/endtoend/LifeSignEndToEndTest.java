package io.holdfast.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionState.Open;
import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Over real sockets: a server that answers no pings, and is asked by messages. */
class LifeSignEndToEndTest {
  private static final Message QUESTION = Message.text("are you there");

  @Test
  void aServerThatEchoesTheQuestionIsAliveAndTheAppHearsNothingOfIt() throws Exception {
    CountDownLatch answers = new CountDownLatch(5);
    LifeSign echoed =
        LifeSign.answer(
            () -> QUESTION,
            message -> {
              if (message.equals(QUESTION)) answers.countDown();
              return message.equals(QUESTION);
            });
    List<Message> received = new CopyOnWriteArrayList<>();
    try (TestServer server = TestServer.start();
        ManagedConnection connection =
            ManagedConnection.builder(server.url())
                .heartbeat(
                    new Heartbeat(Duration.ofMillis(200), Duration.ofSeconds(5)).withSign(echoed))
                .build()) {
      server.echo();
      server.neverPong();
      connection.receive(received::add).request(MessageDemand.UNBOUNDED);
      connection.open();

      assertThat(answers.await(30, SECONDS)).isTrue();

      assertThat(connection.state())
          .isInstanceOfSatisfying(Open.class, open -> assertThat(open.generation()).isEqualTo(1));
      assertThat(received).isEmpty();
    }
  }
}
