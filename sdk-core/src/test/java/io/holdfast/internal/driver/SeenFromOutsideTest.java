package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent.AttemptStarted;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.PingSent;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.QueueHasRoom;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionMetrics.Traffic;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.Overflow;
import io.holdfast.SendOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a whole connection tells of itself: events, numbers, and its history. */
class SeenFromOutsideTest {
  private VirtualConnection world = new VirtualConnection();

  @AfterEach
  void leavesNothing() {
    world.close();
  }

  // ---- Events

  @Test
  void eachAttemptIsToldWithItsNumberAndEachRetryWithItsReason() {
    world.connection.open();
    world.clock.run();
    Refused refused = new Refused("no", null);

    world.failAndReconnect(refused);
    world.accept();

    assertThat(world.told.events(AttemptStarted.class))
        .containsExactly(new AttemptStarted(1, 1), new AttemptStarted(2, 2));
    assertThat(world.told.events(RetryScheduled.class))
        .singleElement()
        .satisfies(retry -> assertThat(retry.cause()).isSameAs(refused));
  }

  @Test
  void eachPingIsToldBeforeItsPong() {
    world.open();
    world.advance(Duration.ofSeconds(60));

    assertThat(world.told.events(PingSent.class))
        .containsExactly(new PingSent(1, 1), new PingSent(1, 2), new PingSent(1, 3));
    assertThat(world.told.events())
        .filteredOn(each -> each instanceof PingSent || each instanceof RoundTripMeasured)
        .extracting(each -> each instanceof PingSent)
        .containsExactly(true, false, true, false, true, false);
  }

  @Test
  void onlyADeliveryThatWasNotDeliveredIsAnEvent() {
    world.open();
    world.connection.send("hello");
    world.advance(Duration.ofSeconds(2));
    world.connection.pauseSending();
    world.connection.send(
        Message.text("late"), SendOptions.DEFAULT.withTimeToLive(Duration.ofSeconds(1)));
    world.advance(Duration.ofSeconds(2));

    assertThat(world.told.events(NotDelivered.class))
        .containsExactly(new NotDelivered(0, new Fate.Expired()));
  }

  @Test
  void aFullQueueIsToldOnceUntilItIsHalfFree() {
    world = new VirtualConnection(builder -> builder.maxQueuedMessages(4));
    for (int i = 0; i < 6; i++) world.connection.send("waits");
    world.clock.run();

    assertThat(world.told.events(QueueFilled.class))
        .singleElement()
        .satisfies(filled -> assertThat(filled.queue().queued()).isEqualTo(4));
    assertThat(world.told.events(NotDelivered.class)).hasSize(2);
    assertThat(world.told.events(QueueHasRoom.class)).isEmpty();

    world.open();
    world.advance(Duration.ofSeconds(2));

    assertThat(world.told.events(QueueHasRoom.class))
        .singleElement()
        .satisfies(room -> assertThat(room.queue().queued()).isZero());
    world.connection.pauseSending();
    for (int i = 0; i < 5; i++) world.connection.send("waits");
    world.clock.run();
    assertThat(world.told.events(QueueFilled.class)).hasSize(2);
    assertThat(world.connection.metrics().queueFilled()).isEqualTo(2);
  }

  @Test
  void aMessageThatIsTooLargeDoesNotMeanThatTheQueueIsFull() {
    world = new VirtualConnection(builder -> builder.maxMessageBytes(3));

    world.connection.send("four");
    world.clock.run();

    assertThat(world.told.events(NotDelivered.class)).hasSize(1);
    assertThat(world.told.events(QueueFilled.class)).isEmpty();
  }

  @Test
  void anEvictionMeansThatTheQueueIsFull() {
    world =
        new VirtualConnection(
            builder -> builder.maxQueuedMessages(1).overflow(Overflow.EVICT_OLDEST));

    world.connection.send("old");
    world.connection.send("new");
    world.clock.run();

    assertThat(world.told.events(QueueFilled.class)).hasSize(1);
    assertThat(world.told.events(NotDelivered.class))
        .containsExactly(new NotDelivered(0, new Fate.Evicted()));
  }

  @Test
  void nothingFollowsClosedNotEvenARefusedMessage() {
    world.close();
    int before = world.told.events().size();

    world.connection.send("too late");
    world.clock.run();

    assertThat(world.told.events()).hasSize(before);
    assertThat(world.connection.metrics().deliveries().rejected()).isEqualTo(1);
  }

  // ---- Metrics

  @Test
  void messagesAreCountedWithTheirPayloadEachTimeTheyAreSent() {
    world.connection.receive(message -> {}).request(MessageDemand.UNBOUNDED);
    world.open();
    world.transport().answerPings(false);
    world.connection.send("hello");
    world.connection.send(
        Message.text("you"), SendOptions.DEFAULT.withAssurance(Assurance.WRITTEN));
    world.transport().receive(Message.text("four"));
    world.clock.run();

    ConnectionMetrics metrics = world.connection.metrics();
    assertThat(metrics.sent()).isEqualTo(new Traffic(2, 8));
    assertThat(metrics.received()).isEqualTo(new Traffic(1, 4));
    assertThat(metrics.deliveries().written()).isEqualTo(1);
    assertThat(metrics.queue().inFlight()).isEqualTo(1);

    world.failAndReconnect(world.reset);
    world.accept();
    world.advance(Duration.ofSeconds(2));

    metrics = world.connection.metrics();
    assertThat(metrics.sent()).isEqualTo(new Traffic(3, 13));
    assertThat(metrics.deliveries().confirmed()).isEqualTo(1);
    assertThat(metrics.transportsOpened()).isEqualTo(2);
    assertThat(metrics.transportsLost()).isEqualTo(Map.of("stream-broken", 1L));
  }

  @Test
  void aDeadPeersDetectionAndTheDowntimeAreMeasured() {
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(35));
    assertThat(world.connection.metrics().transportsLost())
        .isEqualTo(Map.of("heartbeat-timed-out", 1L));
    assertThat(world.connection.metrics().lastDetection()).isEqualTo(Duration.ofSeconds(35));

    world.advance(Duration.ofSeconds(7));

    assertThat(world.connection.metrics().downtime()).isEqualTo(Duration.ofSeconds(7));
    world.accept();
    world.advance(Duration.ofSeconds(7));
    assertThat(world.connection.metrics().downtime()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aSlowConsumersPausesAreCounted() {
    world = new VirtualConnection(builder -> builder.maxInboundMessages(2));
    MessageDemand demand = world.connection.receive(message -> {});
    world.open();
    world.advance(Duration.ofSeconds(1));

    world.transport().receive(Message.text("one"));
    world.transport().receive(Message.text("two"));
    world.clock.run();

    assertThat(world.connection.metrics().readerPauses()).isEqualTo(1);
    demand.request(2);
    world.clock.run();
    assertThat(world.connection.metrics().readerPauses()).isEqualTo(1);
  }

  // ---- History

  @Test
  void theHistoryReadsAsAStory() {
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(35));
    world.fail(new Refused("Connection refused", null));

    assertThat(world.connection.history())
        .containsExactly(
            "+0.000 s  attempt 1",
            "+0.000 s  request supplied, connecting",
            "+0.000 s  open: transport 1, attempt 1",
            "+0.000 s  1 ping, 1 answered, the last in 0.0 ms",
            "+0.000 s  the peer answers pings",
            "+10.000 s  the transport has proved itself, the outage is over",
            "+25.000 s  1 ping, 0 answered",
            "+35.000 s  lost transport 1, 0 in flight: heartbeat timed out: no byte from the peer"
                + " for PT35S",
            "+35.000 s  attempt 1 follows at once",
            "+35.000 s  attempt 1",
            "+35.000 s  request supplied, connecting",
            "+35.000 s  attempt 1 failed: refused: Connection refused",
            "+35.000 s  waiting 6.0 s before attempt 2: refused: Connection refused");
  }

  @Test
  void theHistoryHasAsManyEntriesAsAreAskedFor() {
    world = new VirtualConnection(builder -> builder.history(2));
    world.open();

    assertThat(world.connection.history()).hasSize(2);
    world.close();

    world = new VirtualConnection(builder -> builder.history(0));
    world.open();

    assertThat(world.connection.history()).isEmpty();
  }

  @Test
  void neitherUriNorHeadersNorWhatOthersSayOfThemIsInTheHistory() {
    URI uri = URI.create("ws://ann:passw0rd@localhost/feed?token=t0ken");
    ConnectRequest request =
        ConnectRequest.builder(uri)
            .addHeader("Authorization", "Bearer h3ader")
            .addHeader("Cookie", "id=c00kie")
            .build();
    world = new VirtualConnection(builder -> builder.requests(attempt -> request));
    world.connection.open();
    world.clock.run();

    world.failAndReconnect(
        new Refused(
            "GET " + uri + " with [Authorization: Bearer h3ader, Cookie: id=c00kie]", null));
    world.accept();
    world.connection.close(3000, "t0ken");
    world.clock.run();

    assertThat(String.join("\n", world.connection.history()))
        .contains("refused: GET ws://***@localhost/feed?token=***", "closing with 3000 ***")
        .doesNotContain("passw0rd", "t0ken", "h3ader", "c00kie");
  }

  @Test
  void aConnectionThatClosedKeepsItsHistory() {
    world.open();
    world.fail(new PeerClosed(1008, "not you"));

    assertThat(world.connection.state()).isInstanceOf(Closed.class);
    List<String> history = world.connection.history();
    assertThat(history.get(history.size() - 1))
        .isEqualTo("+0.000 s  gave up: peer closed: peer closed with 1008 not you");
  }
}
