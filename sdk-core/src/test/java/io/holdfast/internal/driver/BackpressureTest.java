package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent.ConsumerStalled;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.fixtures.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A consumer slower than its peer. */
class BackpressureTest {
  private static final int BOUND = 1024;
  private static final int OVERDRAFT = 4096;

  private final VirtualConnection world = new VirtualConnection();
  private final List<String> taken = new ArrayList<>();
  private MessageDemand demand = world.connection.receive(message -> taken.add(text(message)));

  @AfterEach
  void leavesNothing() {
    world.close();
  }

  @Test
  void aConsumerThatIsBlockedFor30SecondsOnALiveTransportIsNoDeadPeer() {
    world.open();
    fill();
    int pings = world.transport().pings();

    world.advance(Duration.ofSeconds(30));
    assertThat(world.connection.state()).isInstanceOf(Open.class);
    assertThat(world.transport().pings()).isEqualTo(pings);
    demand.request(MessageDemand.UNBOUNDED);
    world.clock.run();

    assertThat(taken).hasSize(BOUND);
    assertThat(world.transport().takeResumed()).isTrue();
    world.advance(Duration.ofHours(1));
    assertThat(world.network.attempts()).isEqualTo(1);
  }

  @Test
  void aDeadPeerBehindABlockedConsumerIsFoundOnceItGoesOn() {
    world.open();
    world.transport().answerPings(false);
    fill();
    world.advance(Duration.ofHours(1));

    demand.request(MessageDemand.UNBOUNDED);
    world.advance(Duration.ofSeconds(10));

    assertThat(world.told.events(TransportLost.class))
        .singleElement()
        .satisfies(
            lost ->
                assertThat(lost.cause()).isInstanceOf(ConnectionException.HeartbeatTimedOut.class));
  }

  @Test
  void theReaderGoesOnAtHalfTheBoundAndIsToldOnce() {
    world.open();
    fill();

    demand.request(BOUND / 2 - 1);
    world.clock.run();
    assertThat(world.transport().takeResumed()).isFalse();
    demand.request(1);
    world.clock.run();
    assertThat(world.transport().takeResumed()).isTrue();
    demand.request(10);
    world.clock.run();

    assertThat(world.transport().takeResumed()).isFalse();
  }

  @Test
  void aChannelThatIsFullAtAReconnectHasTheNextTransportBeginPaused() {
    world.open();
    fill();
    world.fail(world.reset);
    world.advance(Duration.ofSeconds(5));

    assertThat(world.accept()).isFalse();
    assertThat(world.transport().pings()).isZero();
    demand.request(MessageDemand.UNBOUNDED);
    world.clock.run();

    assertThat(world.transport().takeResumed()).isTrue();
    assertThat(world.transport().pings()).isEqualTo(1);
  }

  @Test
  void aPauseOfALostTransportIsNotResumedOnTheNextOne() {
    world.open();
    fill();
    world.fail(world.reset);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.connection.state()).isInstanceOf(Connecting.class);

    demand.request(MessageDemand.UNBOUNDED);
    world.clock.run();

    assertThat(world.transport().takeResumed()).isFalse();
    assertThat(world.accept()).isTrue();
  }

  @Test
  void aConsumerThatWaitsForEachReplysConfirmationDoesNotDeadlock() {
    List<Delivery> replies = replyOneByOne();
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(1));
    world.transport().receive(Message.text("m0"));
    world.clock.run();
    assertThat(replies).hasSize(1);

    for (int i = 1; i < BOUND + 1000; i++) {
      assertThat(world.transport().receive(Message.text("m" + i))).isTrue();
    }
    world.transport().answerPings(true);
    world.advance(Duration.ofSeconds(10));

    assertThat(replies).hasSizeGreaterThan(5);
    assertThat(replies.get(0).fate()).isEqualTo(new Fate.Confirmed());
    assertThat(world.told.events(ConsumerStalled.class)).isEmpty();
  }

  @Test
  void aReaderThatPausedBeforeTheConfirmationWasDueGoesOnIntoTheOverdraft() {
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(1));
    fill();
    assertThat(world.transport().takeResumed()).isFalse();

    world.connection.send("reply");
    world.clock.run();

    assertThat(world.transport().takeResumed()).isTrue();
    assertThat(world.transport().receive(Message.text("more"))).isTrue();
  }

  @Test
  void anOverdraftThatIsSpentIsToldOnceAndEndsTheTransportAtTheLimit() {
    stall();
    assertThat(world.told.events(ConsumerStalled.class)).containsExactly(new ConsumerStalled(1));

    world.advance(Duration.ofMinutes(5));

    assertThat(world.told.events(TransportLost.class))
        .singleElement()
        .satisfies(
            lost ->
                assertThat(lost.cause()).isInstanceOf(ConnectionException.ConsumerStalled.class));
  }

  @Test
  void aConsumerThatStaysStalledIsToldForEachTransportUntilTheReplyIsInDoubt() {
    List<Delivery> replies = stall();

    for (int generation = 1; generation < 5; generation++) {
      world.advance(Duration.ofMinutes(5));
      world.awaitAttempt();
      assertThat(replies.get(0).fate()).isNull();
      assertThat(world.acceptSilently()).isFalse();
      assertThat(world.told.events(ConsumerStalled.class))
          .endsWith(new ConsumerStalled(generation + 1L));
    }
    world.advance(Duration.ofMinutes(5));

    assertThat(replies.get(0).fate()).isInstanceOf(Fate.InDoubt.class);
    assertThat(replies).hasSize(2);
  }

  @Test
  void aGiantMessageThatFillsTheOverdraftAtOnceIsAStallOnceAConfirmationIsDue() {
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(1));
    assertThat(world.transport().receive(Message.wrap(new byte[9 << 20]))).isFalse();
    assertThat(world.told.events(ConsumerStalled.class)).isEmpty();

    world.connection.send("reply");
    world.clock.run();

    assertThat(world.told.events(ConsumerStalled.class)).hasSize(1);
  }

  @Test
  void withoutABoundInBytesTheOverdraftInMessagesHoldsAllTheSame() {
    VirtualConnection boundless =
        new VirtualConnection(builder -> builder.maxInboundBytes(Long.MAX_VALUE));
    boundless.connection.receive(message -> {});
    boundless.open();
    boundless.transport().answerPings(false);
    boundless.connection.send("reply");
    boundless.advance(Duration.ofSeconds(1));

    int given = 1;
    while (boundless.transport().receive(Message.text(""))) given++;

    assertThat(given).isEqualTo(BOUND + OVERDRAFT);
    boundless.close();
  }

  @Test
  void nothingIsGivenAfterTheEndIsTold() {
    demand.cancel();
    List<String> given = new ArrayList<>();
    world
        .connection
        .receive(
            new MessageListener() {
              @Override
              public void onMessage(Message message) {
                given.add(text(message));
              }

              @Override
              public void onClosed() {
                given.add("closed");
              }
            })
        .request(MessageDemand.UNBOUNDED);
    world.open();
    FakeTransport transport = world.transport();
    transport.receive(Message.text("a"));
    world.connection.close();
    world.advance(Duration.ofSeconds(2));

    transport.receive(Message.text("late"));
    world.clock.run();

    assertThat(given).containsExactly("a", "closed");
  }

  private List<Delivery> stall() {
    List<Delivery> replies = replyOneByOne();
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(1));
    int given = fill();
    assertThat(given).isEqualTo(BOUND);
    return replies;
  }

  /** Fills the channel to the bound, or beyond if a confirmation is due. Returns the bound. */
  private int fill() {
    int given = 1;
    while (world.transport().receive(Message.text("m" + given))) {
      given++;
      world.clock.run();
    }
    world.clock.run();
    boolean overdrawn = given > BOUND;
    if (overdrawn) assertThat(given).isEqualTo(BOUND + OVERDRAFT + 1);
    return overdrawn ? BOUND : given;
  }

  /** The consumer sends a reply to each message and asks for the next once that has its fate. */
  private List<Delivery> replyOneByOne() {
    demand.cancel();
    List<Delivery> replies = new ArrayList<>();
    AtomicReference<MessageDemand> next = new AtomicReference<>();
    MessageListener replier =
        message -> {
          Delivery reply = world.connection.send("re " + text(message));
          replies.add(reply);
          reply.whenEnded(fate -> requireNonNull(next.get()).request(1));
        };
    next.set(world.connection.receive(replier));
    requireNonNull(next.get()).request(1);
    return replies;
  }

  private static String text(Message message) {
    return message instanceof Message.Text text ? text.text() : "binary";
  }
}
