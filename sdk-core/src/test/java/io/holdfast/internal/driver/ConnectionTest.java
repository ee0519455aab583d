package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Heartbeat;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.fixtures.FakeNetwork;
import io.holdfast.fixtures.RecordingListener;
import io.holdfast.fixtures.VirtualClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole connection in virtual time, over a fake network. */
class ConnectionTest {
  private final VirtualClock clock = new VirtualClock();
  private final FakeNetwork network = new FakeNetwork();
  private final RecordingListener told = new RecordingListener();
  private final ManagedConnection connection =
      ManagedConnection.builder(URI.create("ws://localhost/"))
          .transport(network)
          .clock(clock)
          .ioExecutor(clock.executor())
          .random(new Random(1))
          .build();

  @BeforeEach
  void listen() {
    connection.addListener(told);
  }

  @AfterEach
  void leavesNoTimer() {
    connection.close();
    clock.advance(Duration.ofSeconds(2));
    assertThat(connection.state()).isInstanceOf(Closed.class);
    assertThat(clock.timers()).isZero();
  }

  @Test
  void messagesSentBeforeOpenAreWrittenInOrderAndConfirmedByThePong() {
    Delivery first = connection.send("first");
    Delivery second = connection.send("second");
    open();

    assertThat(network.newest().texts()).containsExactly("first", "second");
    assertThat(first.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(second.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(connection.state()).isInstanceOf(Open.class);
  }

  @Test
  void aSilentPeerIsLostWhenTheTimeoutEndsAndTheNextAttemptStartsAtOnce() {
    open();
    network.newest().answerPings(false);
    clock.advance(Heartbeat.DEFAULT.interval().plus(Heartbeat.DEFAULT.timeout()).minusNanos(1));
    assertThat(network.attempts()).isEqualTo(1);

    clock.advance(Duration.ofNanos(1));

    assertThat(network.attempts()).isEqualTo(2);
    assertThat(network.all().get(0).cancelled()).isTrue();
    assertThat(told.events(TransportLost.class))
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.cause()).isInstanceOf(HeartbeatTimedOut.class);
              assertThat(lost.inFlight()).isZero();
            });
  }

  @Test
  void unconfirmedMessagesAreSentAgainInOrderAfterALoss() {
    open();
    network.newest().answerPings(false);
    List<Fate> fates = new ArrayList<>();
    for (String text : List.of("a", "b", "c")) connection.send(text).whenEnded(fates::add);
    clock.run();
    assertThat(network.newest().texts()).containsExactly("a", "b", "c");

    network.newest().fail(new StreamBroken("reset", null));
    clock.run();
    assertThat(connection.state()).isInstanceOf(Waiting.class);
    clock.advance(Duration.ofSeconds(5));
    network.newest().accept();
    clock.run();

    assertThat(network.newest().texts()).containsExactly("a", "b", "c");
    assertThat(fates).containsOnly(new Fate.Confirmed()).hasSize(3);
  }

  @Test
  void aReceiverTakesWhatItAskedForAndTheReaderPausesAtTheBound() {
    List<Message> taken = new ArrayList<>();
    MessageDemand demand = connection.receive(taken::add);
    open();
    demand.request(1);
    int given = 1;
    while (network.newest().receive(Message.text("m" + given))) given++;
    clock.run();

    assertThat(taken).containsExactly(Message.text("m1"));
    assertThat(given).isEqualTo(1024);
    demand.request(MessageDemand.UNBOUNDED);
    clock.run();
    assertThat(network.newest().takeResumed()).isTrue();
    assertThat(taken).hasSize(given);
  }

  private void open() {
    connection.open();
    clock.run();
    network.newest().accept();
    clock.run();
  }
}
