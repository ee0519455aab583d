package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Assurance;
import io.holdfast.Backoff;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.RetryScheduled;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.AttemptTimedOut;
import io.holdfast.ConnectionException.ConfirmationTimedOut;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.WriteStalled;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Fate.InDoubt;
import io.holdfast.Fate.Rejected;
import io.holdfast.Heartbeat;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.SendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every default in the documentation has a test here, through the public API alone. */
class DefaultsTest {
  private final ConnectionException refused = new Refused("refused", null);

  private final VirtualConnection world = new VirtualConnection();

  @AfterEach
  void leavesNothing() {
    world.close();
  }

  @Test
  void theHeartbeatIs25And10Seconds() {
    assertThat(Heartbeat.DEFAULT)
        .isEqualTo(new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(10)));
    world.open();
    world.transport().answerPings(false);

    world.assertExactlyAfter(
        Duration.ofSeconds(25),
        due -> assertThat(world.transport().pings()).isEqualTo(due ? 2 : 1));
    world.assertExactlyAfter(
        Duration.ofSeconds(10),
        dead -> assertThat(lostBy(HeartbeatTimedOut.class)).isEqualTo(dead));
  }

  @Test
  void anAttemptHas15Seconds() {
    world.connection.open();
    world.clock.run();

    world.assertExactlyAfter(
        Duration.ofSeconds(15),
        over -> assertThat(world.connection.state() instanceof Connecting).isEqualTo(!over));
    assertThat(world.told.events(RetryScheduled.class)).hasSize(1);
    assertThat(world.transport().cancelled()).isTrue();
    assertThat(world.told.events(io.holdfast.ConnectionEvent.AttemptFailed.class).get(0).cause())
        .isInstanceOf(AttemptTimedOut.class);
  }

  @Test
  void aRequestHas10Seconds() {
    CompletableFuture<ConnectRequest> never = new CompletableFuture<>();
    VirtualConnection asking =
        new VirtualConnection(builder -> builder.asyncRequests(context -> never));
    asking.connection.open();
    asking.clock.run();

    asking.assertExactlyAfter(
        Duration.ofSeconds(10),
        over -> assertThat(asking.connection.state() instanceof Connecting).isEqualTo(!over));
    asking.close();
  }

  @Test
  void aTransportIsProvedAfter10Seconds() {
    world.open();

    world.assertExactlyAfter(
        Duration.ofSeconds(10),
        proved -> assertThat(world.told.events(OutageEnded.class)).hasSize(proved ? 1 : 0));
  }

  @Test
  void aPeerThatSendsHas60SecondsForAPong() {
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(1));
    world.connection.probe();
    for (int second = 0; second < 59; second++) {
      world.advance(Duration.ofSeconds(1));
      world.transport().receive(Message.text("news"));
    }
    assertThat(lostBy(ConfirmationTimedOut.class)).isFalse();

    world.assertExactlyAfter(
        Duration.ofSeconds(1),
        over -> assertThat(lostBy(ConfirmationTimedOut.class)).isEqualTo(over));
  }

  @Test
  void aMessageMayHoldAPongUpFor10Minutes() {
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(1));
    world.connection.probe();
    world.transport().beginMessage();
    for (int second = 0; second < 599; second++) sendAByteAfter(Duration.ofSeconds(1));
    assertThat(lostBy(ConfirmationTimedOut.class)).isFalse();

    world.assertExactlyAfter(
        Duration.ofSeconds(1),
        over -> assertThat(lostBy(ConfirmationTimedOut.class)).isEqualTo(over));
  }

  @Test
  void bytesOfNoMessageHoldNoPongUp() {
    world.open();
    world.transport().answerPings(false);
    world.transport().beginMessage();
    world.transport().receive(Message.text("the rest of it"));
    world.advance(Duration.ofSeconds(1));
    world.connection.probe();
    for (int second = 0; second < 59; second++) sendAByteAfter(Duration.ofSeconds(1));
    assertThat(lostBy(ConfirmationTimedOut.class)).isFalse();

    world.assertExactlyAfter(
        Duration.ofSeconds(1),
        over -> assertThat(lostBy(ConfirmationTimedOut.class)).isEqualTo(over));
  }

  @Test
  void aWriteMayStandStillFor30Seconds() {
    world.open();
    world.transport().blockWrites();
    world.clock.run();
    for (int second = 0; second < 29; second++) sendAByteAfter(Duration.ofSeconds(1));

    world.assertExactlyAfter(
        Duration.ofSeconds(1), over -> assertThat(lostBy(WriteStalled.class)).isEqualTo(over));
  }

  @Test
  void theClosingHandshakeHas2Seconds() {
    world.open();
    world.connection.close();
    world.clock.run();
    assertThat(world.connection.state()).isEqualTo(new Closing(1000, ""));

    world.assertExactlyAfter(
        Duration.ofSeconds(2),
        over -> assertThat(world.connection.state() instanceof Closed).isEqualTo(over));
    assertThat(world.transport().cancelled()).isTrue();
  }

  @Test
  void aStalledConsumerHas5Minutes() {
    world.connection.receive(message -> {});
    world.open();
    awaitAPongThatDoesNotCome();
    fill("m");
    assertThat(world.told.events(ConsumerStalled.class)).hasSize(1);

    world.assertExactlyAfter(
        Duration.ofMinutes(5),
        over -> assertThat(lostBy(ConnectionException.ConsumerStalled.class)).isEqualTo(over));
  }

  @Test
  void theOutboxHolds65536Messages() {
    for (int i = 0; i < 65_536; i++) world.connection.send("");
    assertThat(world.connection.queue().queued()).isEqualTo(65_536);

    Delivery oneMore = world.connection.send("");

    assertThat(oneMore.fate()).isEqualTo(new Rejected(Rejected.Reason.QUEUE_FULL));
  }

  @Test
  void theOutboxHolds16MebibytesAndAMessageMayBeAllOfThem() {
    Delivery whole = world.connection.send(bytes(16 << 20));
    assertThat(whole.fate()).isNull();
    assertThat(world.connection.bufferedAmount()).isEqualTo(16 << 20);

    Delivery oneByteMore = world.connection.send(bytes(1));

    assertThat(oneByteMore.fate()).isEqualTo(new Rejected(Rejected.Reason.QUEUE_FULL));
  }

  @Test
  void aMessageIsAtMost16Mebibytes() {
    assertThat(world.connection.send(bytes((16 << 20) + 1)).fate())
        .isEqualTo(new Rejected(Rejected.Reason.TOO_LARGE));
  }

  @Test
  void aMessageIsInDoubtAfter5LostTransports() {
    Delivery delivery = world.connection.send("poison");
    world.connection.open();
    world.clock.run();
    for (int lost = 1; lost <= 5; lost++) {
      assertThat(delivery.fate()).isNull();
      world.acceptSilently();
      world.failAndReconnect(world.reset);
    }

    assertThat(delivery.fate()).isEqualTo(new InDoubt(InDoubt.Reason.RESEND_LIMIT, world.reset));
  }

  @Test
  void pingsThatConfirmAreASecondApart() {
    world.open();
    world.connection.send("one");
    world.clock.run();
    Delivery two = world.connection.send("two");
    assertThat(world.transport().pings()).isEqualTo(1);

    world.assertExactlyAfter(
        Duration.ofSeconds(1),
        due -> assertThat(two.fate()).isEqualTo(due ? new Fate.Confirmed() : null));
    assertThat(world.transport().pings()).isEqualTo(2);
  }

  @Test
  void theInboundChannelHolds1024Messages() {
    world.connection.receive(message -> {});
    world.open();

    assertThat(fill("m")).isEqualTo(1024);
  }

  @Test
  void theInboundChannelHolds4Mebibytes() {
    world.connection.receive(message -> {});
    world.open();

    for (int mebibyte = 1; mebibyte < 4; mebibyte++) {
      assertThat(world.transport().receive(bytes(1 << 20))).isTrue();
    }
    assertThat(world.transport().receive(bytes((1 << 20) - 1))).isTrue();
    assertThat(world.transport().receive(bytes(1))).isFalse();
  }

  @Test
  void delaysAreSpreadOver5SecondsAndThenGrowFrom1To20() {
    assertThat(Backoff.DEFAULT)
        .isEqualTo(
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(5)));
    world.connection.open();
    world.clock.run();
    world.failAndReconnect(refused);
    for (int failure = 0; failure < 8; failure++) {
      world.failAndReconnect(new HostUnresolved("no address", null));
    }

    assertThat(longestDelaysInSeconds()).containsExactly(5L, 1L, 2L, 4L, 8L, 16L, 20L, 20L, 20L);
  }

  @Test
  void whileTheServerTurnsUsAwayTheSpreadIsAPartOfEachDelay() {
    world.connection.open();
    world.clock.run();
    for (int failure = 0; failure < 9; failure++) world.failAndReconnect(refused);

    assertThat(longestDelaysInSeconds()).containsExactly(5L, 6L, 7L, 9L, 13L, 20L, 20L, 20L, 20L);
  }

  private List<Long> longestDelaysInSeconds() {
    return world.told.events(RetryScheduled.class).stream()
        .map(scheduled -> scheduled.delay().toSeconds())
        .toList();
  }

  @Test
  void attemptsHaveNoLimit() {
    world.connection.open();
    world.clock.run();
    for (int failure = 0; failure < 1000; failure++) {
      world.failAndReconnect(refused);
    }

    assertThat(world.connection.state()).isInstanceOf(Connecting.class);
    assertThat(world.network.attempts()).isEqualTo(1001);
  }

  @Test
  void messagesAreConfirmedResentAndDoNotExpire() {
    assertThat(SendOptions.DEFAULT)
        .isEqualTo(new SendOptions(Assurance.CONFIRMED, false, false, null, null, Map.of()));
    Delivery delivery = world.connection.send("patient");
    world.advance(Duration.ofDays(365));
    world.open();

    assertThat(delivery.fate()).isEqualTo(new Fate.Confirmed());
  }

  @Test
  void aNewConnectionIsIdleAtItsUrl() {
    assertThat(world.connection.state()).isEqualTo(new Idle());
    assertThat(world.connection.url()).isEqualTo(VirtualConnection.SERVER);
    assertThat(world.clock.timers()).isZero();
  }

  @Test
  void withoutDemandNothingIsTaken() {
    List<Message> taken = new ArrayList<>();
    MessageDemand demand = world.connection.receive(taken::add);
    world.open();
    world.transport().receive(Message.text("a"));
    world.clock.run();
    assertThat(taken).isEmpty();

    demand.request(1);
    world.clock.run();

    assertThat(taken).containsExactly(Message.text("a"));
  }

  private boolean lostBy(Class<? extends ConnectionException> kind) {
    return world.told.events(TransportLost.class).stream()
        .anyMatch(lost -> kind.isInstance(lost.cause()));
  }

  private void sendAByteAfter(Duration duration) {
    world.advance(duration);
    world.transport().receiveByte();
  }

  private void awaitAPongThatDoesNotCome() {
    world.transport().answerPings(false);
    world.connection.send("reply");
    world.advance(Duration.ofSeconds(1));
  }

  private int fill(String text) {
    int given = 1;
    while (world.transport().receive(Message.text(text))) given++;
    world.clock.run();
    return given;
  }

  private static Message bytes(int size) {
    return Message.wrap(new byte[size]);
  }
}
