package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.AdaptiveInterval;
import io.holdfast.ConnectionEvent.OutageEnded;
import io.holdfast.ConnectionEvent.PongSupportLearned;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException.HeartbeatTimedOut;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Heartbeat;
import io.holdfast.LifeSign;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.PongSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Heartbeats that do without pongs: interval 25 s, timeout 10 s. */
class LifeSignTest {
  private static final Duration INTERVAL = Duration.ofSeconds(25);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int BOUND = 4;
  private static final Duration A_MOMENT = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Message> received = new ArrayList<>();

  private VirtualConnection open(LifeSign sign) {
    return open(Heartbeat.DEFAULT, sign);
  }

  private VirtualConnection open(Heartbeat heartbeat, LifeSign sign) {
    VirtualConnection world =
        new VirtualConnection(
            builder -> builder.heartbeat(heartbeat.withSign(sign)).maxInboundMessages(BOUND));
    world.connection.open();
    world.clock.run();
    world.acceptSilently();
    world.advance(A_MOMENT);
    return world;
  }

  /** The consumer takes nothing until the demand is raised. */
  private MessageDemand fill(VirtualConnection world) {
    MessageDemand demand = world.connection.receive(received::add);
    int messages = 1;
    while (world.transport().receive(Message.text("news"))) assertThat(++messages).isLessThan(100);
    return demand;
  }

  private static LifeSign asking() {
    return asking(() -> Message.text("are you there"));
  }

  private static LifeSign asking(Supplier<Message> question) {
    return LifeSign.answer(question, message -> message.equals(Message.text("yes")));
  }

  private void receive(VirtualConnection world) {
    world.connection.receive(received::add).request(MessageDemand.UNBOUNDED);
    world.clock.run();
  }

  // ---- By a message

  @Test
  void aSilentPeerIsAskedAfterTheIntervalAndItsAnswerIsGivenToNobody() {
    VirtualConnection world = open(asking());
    receive(world);
    assertThat(world.transport().texts()).containsExactly("are you there");

    for (int i = 0; i < 10; i++) {
      world.transport().receive(Message.text("yes"));
      world.advance(INTERVAL.minusNanos(1));
      assertThat(world.transport().texts()).hasSize(i + 1);
      world.advance(Duration.ofNanos(1));
      assertThat(world.transport().texts()).hasSize(i + 2);
      world.advance(A_MOMENT);
    }

    assertThat(world.connection.state()).isInstanceOf(Open.class);
    assertThat(world.transport().pings()).isZero();
    assertThat(received).isEmpty();
    world.close();
  }

  @Test
  void aPeerThatDoesNotAnswerIsDeadAfterTheTimeout() {
    VirtualConnection world = open(asking());
    world.transport().receive(Message.text("yes"));
    world.advance(INTERVAL);

    world.assertExactlyAfter(TIMEOUT, dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));

    assertThat(lost(world)).singleElement().isInstanceOf(HeartbeatTimedOut.class);
    assertThat(world.network.attempts()).isEqualTo(2);
    world.close();
  }

  @Test
  void whateverComesIsASignOfLifeAndOtherMessagesAreTheApps() {
    VirtualConnection world = open(asking());
    receive(world);
    world.transport().receiveByte();

    for (int i = 0; i < 20; i++) {
      world.advance(INTERVAL.minus(SECOND));
      world.transport().receive(Message.text("news"));
    }
    world.clock.run();

    assertThat(world.transport().texts()).containsExactly("are you there");
    assertThat(received).hasSize(20);
    world.close();
  }

  @Test
  void aByteProvesTheTransportAndMessagesEndAsWritten() {
    VirtualConnection world = open(asking());
    Delivery delivery = world.connection.send("hello");
    world.advance(SECOND);
    world.transport().receive(Message.text("yes"));

    world.advance(Duration.ofSeconds(9));

    assertThat(delivery.fate()).isEqualTo(new Fate.Written());
    assertThat(world.told.events(PongSupportLearned.class))
        .containsExactly(new PongSupportLearned(PongSupport.NO));
    assertThat(world.told.events(OutageEnded.class)).hasSize(1);
    world.close();
  }

  @Test
  void probeAndWakingAskAtOnce() {
    VirtualConnection world = open(asking());
    world.transport().receive(Message.text("yes"));
    world.advance(TIMEOUT);

    world.connection.probe();
    world.clock.run();

    assertThat(world.transport().texts()).hasSize(2);
    world.advance(TIMEOUT);
    assertThat(lost(world)).hasSize(1);
    world.close();
  }

  @Test
  void aConsumerThatHoldsTheReaderUpIsNoDeadPeer() {
    VirtualConnection world = open(asking());
    MessageDemand demand = fill(world);

    world.advance(Duration.ofHours(1));
    assertThat(lost(world)).isEmpty();
    demand.request(MessageDemand.UNBOUNDED);
    world.clock.run();
    assertThat(world.transport().takeResumed()).isTrue();
    world.advance(TIMEOUT.minusNanos(1));
    assertThat(lost(world)).isEmpty();
    world.advance(Duration.ofNanos(1));

    assertThat(lost(world)).hasSize(1);
    world.close();
  }

  @Test
  void aSupplierThatThrowsSendsNothing() {
    VirtualConnection world =
        open(
            asking(
                () -> {
                  throw new IllegalStateException("app");
                }));

    world.advance(TIMEOUT);

    assertThat(world.network.all().get(0).texts()).isEmpty();
    assertThat(lost(world)).hasSize(1);
    world.close();
  }

  @Test
  void aMatcherThatThrowsMatchesNothing() {
    VirtualConnection world =
        open(
            LifeSign.answer(
                () -> Message.text("?"),
                message -> {
                  throw new IllegalStateException("app");
                }));
    receive(world);

    world.transport().receive(Message.text("news"));
    world.clock.run();

    assertThat(received).containsExactly(Message.text("news"));
    world.close();
  }

  @Test
  void theNextSilenceBeginsWithTheAnswerHoweverLongTheTimeoutIs() {
    VirtualConnection world = open(new Heartbeat(TIMEOUT, INTERVAL), asking());
    world.advance(SECOND);
    world.transport().receive(Message.text("yes"));

    world.assertExactlyAfter(
        TIMEOUT, due -> assertThat(world.transport().texts()).hasSize(due ? 2 : 1));

    world.close();
  }

  @Test
  void anAnswerThatIsLaterThanTheIntervalBeginsItAnewAsWell() {
    VirtualConnection world = open(new Heartbeat(TIMEOUT, INTERVAL), asking());
    world.advance(TIMEOUT.plus(SECOND));
    world.transport().receive(Message.text("yes"));

    world.assertExactlyAfter(
        TIMEOUT, due -> assertThat(world.transport().texts()).hasSize(due ? 2 : 1));

    world.close();
  }

  @Test
  void aQuestionSoonAfterAnAnswerHasItsOwnTime() {
    VirtualConnection world = open(asking());
    world.transport().receive(Message.text("yes"));
    world.advance(SECOND);

    world.connection.probe();

    world.assertExactlyAfter(TIMEOUT, dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));
    world.close();
  }

  @Test
  void aShortPauseAfterAnAnswerLeavesNothingOpen() {
    VirtualConnection world = open(asking());
    MessageDemand demand = fill(world);

    demand.request(MessageDemand.UNBOUNDED);
    world.advance(INTERVAL.minus(SECOND));

    assertThat(world.transport().takeResumed()).isTrue();
    assertThat(lost(world)).isEmpty();
    assertThat(world.transport().texts()).hasSize(1);
    world.close();
  }

  @Test
  void aShorterIntervalOfTheBackgroundHoldsAtOnce() {
    Heartbeat shorter = new Heartbeat(TIMEOUT, TIMEOUT).withSign(asking());
    VirtualConnection world =
        new VirtualConnection(
            builder ->
                builder
                    .heartbeat(Heartbeat.DEFAULT.withSign(asking()))
                    .backgroundHeartbeat(shorter));
    world.open();
    world.advance(A_MOMENT);
    world.transport().receive(Message.text("yes"));

    world.connection.enterBackground();

    world.assertExactlyAfter(
        TIMEOUT, due -> assertThat(world.transport().texts()).hasSize(due ? 2 : 1));
    world.close();
  }

  @Test
  void aQuestionHasItsTimeFromWhenItIsWritten() {
    VirtualConnection world = open(asking());
    world.transport().receive(Message.text("yes"));
    world.advance(SECOND);
    world.transport().blockWrites();

    world.connection.probe();
    world.advance(TIMEOUT.multipliedBy(2));

    assertThat(lost(world)).isEmpty();
    world.transport().unblockWrites();
    world.assertExactlyAfter(TIMEOUT, dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));
    world.close();
  }

  @Test
  void anAnsweredQuestionLeavesNoTimerButTheNextOnes() {
    VirtualConnection world = open(asking());
    world.transport().receive(Message.text("yes"));

    world.advance(TIMEOUT);

    assertThat(world.clock.timers()).isOne();
    world.close();
  }

  @Test
  void whereAPeerHasAnsweredPingsAQuestionThatIsOutKeepsItsDeadline() {
    VirtualConnection world =
        new VirtualConnection(
            builder ->
                builder
                    .heartbeat(Heartbeat.DEFAULT.withSign(asking()))
                    .backgroundHeartbeat(Heartbeat.DEFAULT));
    world.open();
    world.advance(A_MOMENT);
    world.transport().receive(Message.text("yes"));
    world.connection.enterBackground();
    world.advance(INTERVAL);
    assertThat(world.told.events(PongSupportLearned.class)).hasSize(2);
    world.connection.enterForeground();
    world.transport().answerPings(false);
    world.clock.run();

    world.advance(TIMEOUT.minus(SECOND));
    world.connection.send("hello");

    world.assertExactlyAfter(SECOND, dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));
    world.close();
  }

  // ---- By the peer's traffic

  @Test
  void aPeerThatSendsByItselfIsSentNoPingButTheFirst() {
    VirtualConnection world = open(LifeSign.PEER_TRAFFIC);

    for (int i = 0; i < 100; i++) {
      world.advance(INTERVAL);
      world.transport().receiveByte();
    }

    assertThat(world.connection.state()).isInstanceOf(Open.class);
    assertThat(world.transport().pings()).isOne();
    world.close();
  }

  @Test
  void itIsDeadAfterIntervalAndTimeoutWithoutAByte() {
    VirtualConnection world = open(LifeSign.PEER_TRAFFIC);
    world.advance(INTERVAL);
    world.transport().receiveByte();

    world.assertExactlyAfter(
        INTERVAL.plus(TIMEOUT), dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));

    assertThat(lost(world)).singleElement().isInstanceOf(HeartbeatTimedOut.class);
    world.close();
  }

  @Test
  void aPingThatIsOutGivesItNoLonger() {
    VirtualConnection world = open(LifeSign.PEER_TRAFFIC);
    world.advance(TIMEOUT);
    world.transport().receiveByte();
    world.advance(INTERVAL);

    world.connection.probe();

    world.assertExactlyAfter(TIMEOUT, dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));
    world.close();
  }

  @Test
  void norDoesOneThatConfirmsMessages() {
    VirtualConnection world =
        new VirtualConnection(
            builder -> builder.heartbeat(Heartbeat.DEFAULT.withSign(LifeSign.PEER_TRAFFIC)));
    world.open();
    world.transport().answerPings(false);
    world.advance(INTERVAL.plus(TIMEOUT).minus(SECOND));

    world.connection.send("hello");

    world.assertExactlyAfter(SECOND, dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));
    world.close();
  }

  @Test
  void goingToTheBackgroundWhileTheReaderIsHeldUpIsNoDeath() {
    Heartbeat listening = Heartbeat.DEFAULT.withSign(LifeSign.PEER_TRAFFIC);
    VirtualConnection world =
        new VirtualConnection(
            builder ->
                builder
                    .heartbeat(listening)
                    .backgroundHeartbeat(listening.withInterval(SECOND))
                    .maxInboundMessages(BOUND));
    world.open();
    MessageDemand demand = fill(world);
    world.advance(INTERVAL);

    world.connection.enterBackground();
    world.clock.run();

    assertThat(lost(world)).isEmpty();
    demand.cancel();
    world.close();
  }

  @Test
  void ifItAnswersTheFirstPingMessagesAreConfirmed() {
    VirtualConnection world =
        new VirtualConnection(
            builder -> builder.heartbeat(Heartbeat.DEFAULT.withSign(LifeSign.PEER_TRAFFIC)));
    world.open();

    Delivery delivery = world.connection.send("hello");
    world.advance(SECOND);

    assertThat(delivery.fate()).isEqualTo(new Fate.Confirmed());
    world.close();
  }

  @Test
  void aConsumerThatHoldsTheReaderUpIsNoSilentPeer() {
    VirtualConnection world = open(LifeSign.PEER_TRAFFIC);
    world.advance(TIMEOUT);
    MessageDemand demand = fill(world);

    world.advance(Duration.ofHours(1));
    assertThat(lost(world)).isEmpty();
    demand.request(MessageDemand.UNBOUNDED);
    world.clock.run();

    world.assertExactlyAfter(
        INTERVAL.plus(TIMEOUT), dead -> assertThat(lost(world).isEmpty()).isNotEqualTo(dead));
    world.close();
  }

  @Test
  void inTheBackgroundAPeerThatHasAnsweredNoPingYetIsNotJudgedByOne() {
    VirtualConnection world =
        new VirtualConnection(
            builder ->
                builder.backgroundHeartbeat(Heartbeat.DEFAULT.withSign(LifeSign.PEER_TRAFFIC)));
    world.connection.open();
    world.clock.run();
    world.acceptSilently();
    world.connection.enterBackground();
    world.advance(SECOND);
    world.transport().receiveByte();

    world.connection.probe();
    world.advance(INTERVAL);

    assertThat(lost(world)).isEmpty();
    assertThat(world.told.events(PongSupportLearned.class))
        .containsExactly(new PongSupportLearned(PongSupport.NO));
    world.close();
  }

  @Test
  void aPingThatConfirmsMessagesIsAskedAgainAfterAPause() {
    VirtualConnection world =
        new VirtualConnection(
            builder ->
                builder
                    .heartbeat(Heartbeat.DEFAULT.withSign(LifeSign.PEER_TRAFFIC))
                    .maxInboundMessages(BOUND));
    world.open();
    world.advance(SECOND);
    world.transport().answerPings(false);
    Delivery delivery = world.connection.send("hello");
    world.advance(A_MOMENT);
    assertThat(world.transport().pings()).isEqualTo(2);
    // More than the room that is kept for its pong.
    MessageDemand demand = world.connection.receive(received::add);
    while (world.transport().receive(Message.text("news"))) {}
    world.advance(TIMEOUT);

    demand.request(MessageDemand.UNBOUNDED);
    world.clock.run();
    assertThat(world.transport().pings()).isEqualTo(3);
    world.transport().answerPings(true);
    world.clock.run();

    assertThat(delivery.fate()).isEqualTo(new Fate.Confirmed());
    world.close();
  }

  @Test
  void anIntervalIsLearntByPongsAlone() {
    Heartbeat learning = Heartbeat.DEFAULT.withInterval(AdaptiveInterval.DEFAULT);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> learning.withSign(LifeSign.PEER_TRAFFIC))
        .withMessage(
            "a heartbeat's interval is learnt by pongs, but its sign of life was PeerTraffic[]");
  }

  private static List<Throwable> lost(VirtualConnection world) {
    return world.told.events(TransportLost.class).stream()
        .<Throwable>map(TransportLost::cause)
        .toList();
  }
}
