package io.holdfast.internal.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Assurance;
import io.holdfast.ConnectionEvent.ReadyStepReached;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ProtocolFailed;
import io.holdfast.ConnectionException.ReconnectAsked;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.ReconnectHint;
import io.holdfast.Registration;
import io.holdfast.SendOptions;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.protocol.Guarantee;
import io.holdfast.protocol.Protocol;
import io.holdfast.protocol.ProtocolContext;
import io.holdfast.queue.MemorySendQueue;
import io.holdfast.queue.StoredMessage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a protocol is told, and what its orders do. */
class ProtocolTest {
  private static final SendOptions ACKNOWLEDGED =
      SendOptions.DEFAULT.withAssurance(Assurance.ACKNOWLEDGED);

  private final ScriptedProtocol protocol = new ScriptedProtocol();
  private final VirtualConnection world =
      new VirtualConnection(builder -> builder.protocol(protocol));

  private Delivery send(String text) {
    Delivery delivery = world.connection.send(Message.text(text), ACKNOWLEDGED);
    world.clock.run();
    return delivery;
  }

  private void receive(String text) {
    world.transport().receive(Message.text(text));
    world.clock.run();
  }

  /** Lets the protocol do something that no message asked it for. */
  private void order(Consumer<ProtocolContext> order) {
    protocol.context().execute(() -> order.accept(protocol.context()));
    world.clock.run();
  }

  private ConnectionException causeOfWaiting() {
    assertThat(world.connection.state()).isInstanceOf(Waiting.class);
    return ((Waiting) world.connection.state()).cause();
  }

  // ---- Readiness

  @Test
  void noMessageOfTheAppFlowsBeforeItIsReady() {
    protocol.onOpened = (context, handshake) -> context.send(Message.text("hello"));
    protocol.onReceived =
        (context, text) -> {
          context.step("welcomed");
          context.ready();
        };
    send("a");
    world.open();

    assertThat(world.transport().texts()).containsExactly("hello");
    assertThat(world.connection.state())
        .isEqualTo(new ConnectionState.Connecting(1, ConnectionState.Phase.READY));
    receive("welcome");

    assertThat(world.connection.state()).isInstanceOf(Open.class);
    assertThat(world.told.events()).contains(new ReadyStepReached(1, "welcomed"));
    assertThat(world.transport().texts()).containsExactly("hello", "1/1 a");
    world.close();
  }

  @Test
  void nothingIsReadBeforeItKnowsOfTheTransport() {
    world.connection.open();
    world.clock.run();

    assertThat(world.transport().accept()).isFalse();
    assertThat(world.transport().takeResumed()).isFalse();
    world.clock.run();

    assertThat(world.transport().takeResumed()).isTrue();
    assertThat(protocol.calls).containsExactly("begun", "opened");
    world.close();
  }

  @Test
  void itIsToldOfEachTransportAndOfItsLossOnce() {
    world.open();
    world.failAndReconnect(world.reset);
    world.accept();

    assertThat(protocol.calls).containsExactly("begun", "opened", "lost", "opened");
    world.close();
    assertThat(protocol.calls).hasSize(5).endsWith("closed");
  }

  @Test
  void aTransportThatIsLostBeforeItIsReadyIsToldToo() {
    protocol.onOpened = (context, handshake) -> {};
    world.open();
    world.fail(world.reset);

    assertThat(protocol.calls).containsExactly("begun", "opened", "lost");
    world.close();
  }

  @Test
  void itsSubprotocolsAreOnOfferAndAServerThatChoosesNoneIsLeft() {
    protocol.subprotocols = List.of("v2.feed", "v1.feed");
    world.open();

    assertThat(world.transport().request().protocols()).containsExactly("v2.feed", "v1.feed");
    assertThat(causeOfWaiting())
        .isInstanceOf(ProtocolFailed.class)
        .hasMessage("subprotocol must be one of [v2.feed, v1.feed] but the server chose none");
    assertThat(protocol.calls).containsExactly("begun", "lost");
    world.close();
  }

  // ---- Out

  @Test
  void sequencesHaveNoGapsWhateverIsTakenBackOrCannotBeEncoded() {
    send("a");
    Delivery taken = send("b");
    Delivery bad = send("bad");
    send("c");
    taken.cancel();
    world.open();

    assertThat(world.transport().texts()).containsExactly("1/1 a", "4/2 c");
    assertThat(bad.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.NOT_ENCODED));
    assertThat(world.connection.state()).isInstanceOf(Open.class);
    world.close();
  }

  @Test
  void onlyMessagesThatCannotBeEncodedLeaveTheConnectionIdle() {
    Delivery bad = send("bad 1");
    Delivery worse = send("bad 2");
    world.open();

    assertThat(List.of(bad, worse))
        .allSatisfy(
            delivery ->
                assertThat(delivery.fate())
                    .isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.NOT_ENCODED)));
    send("a");
    assertThat(world.transport().texts()).containsExactly("3/1 a");
    world.close();
  }

  @Test
  void anAcknowledgementEndsItsMessageAndCarriesItsAnswer() {
    world.open();
    Delivery first = send("a");
    Delivery second = send("b");
    world.advance(Duration.ofSeconds(5));
    assertThat(first.fate()).isNull();

    order(context -> context.acknowledge(2, Message.text("done")));
    assertThat(second.fate()).isEqualTo(new Fate.Acknowledged(Message.text("done")));
    assertThat(first.fate()).isNull();
    order(context -> context.acknowledge(1, null));

    assertThat(first.fate()).isEqualTo(new Fate.Acknowledged(null));
    assertThat(world.connection.queue().inFlight()).isZero();
    world.close();
  }

  @Test
  void anAcknowledgementOfNothingThatIsOutIsIgnored() {
    Delivery waiting = send("a");
    protocol.onOpened = (context, handshake) -> {};
    world.open();

    order(
        context -> {
          context.acknowledge(1, null);
          context.acknowledge(77, null);
          context.refuse(1, "no");
          context.resend(1);
        });

    assertThat(waiting.fate()).isNull();
    world.close();
  }

  @Test
  void aCumulativeAcknowledgementEndsAllUpToItsSequence() {
    world.open();
    List<Delivery> all = List.of(send("a"), send("b"), send("c"));

    order(context -> context.acknowledgeThrough(2));

    assertThat(all.stream().map(Delivery::fate).toList())
        .containsExactly(new Fate.Acknowledged(null), new Fate.Acknowledged(null), null);
    world.close();
  }

  @Test
  void whatWasNeverSentCannotBeAcknowledged() {
    world.open();
    send("a");
    protocol.onReceived = (context, text) -> context.acknowledgeThrough(2);
    receive("ack 2");

    assertThat(causeOfWaiting())
        .isInstanceOf(ProtocolFailed.class)
        .hasMessageContaining("acknowledged sequence must be at most 1 but was 2");
    world.close();
  }

  @Test
  void anAcknowledgementEndsAConfirmedMessageToo() {
    world.open();
    world.transport().answerPings(false);
    Delivery delivery = world.connection.send("a");
    world.clock.run();

    order(context -> context.acknowledge(1, null));

    assertThat(delivery.fate()).isEqualTo(new Fate.Acknowledged(null));
    world.close();
  }

  @Test
  void aPongEndsNoMessageThatWantsAnAcknowledgement() {
    world.open();
    Delivery acknowledged = send("a");
    Delivery confirmed = world.connection.send("b");
    world.advance(Duration.ofSeconds(1));

    assertThat(confirmed.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(acknowledged.fate()).isNull();
    world.close();
  }

  @Test
  void aRefusalEndsItsMessage() {
    world.open();
    Delivery delivery = send("a");

    order(context -> context.refuse(1, "not yours"));

    assertThat(delivery.fate()).isEqualTo(new Fate.Refused("not yours"));
    world.close();
  }

  @Test
  void whatThePeerWantsOnceMoreIsSentAgainUpToTheLimit() {
    world.open();
    Delivery delivery = send("a");
    send("b");

    order(context -> context.resend(1));
    assertThat(world.transport().texts()).containsExactly("1/1 a", "2/2 b", "1/3 a again");
    order(context -> context.acknowledgeThrough(2));
    assertThat(delivery.fate()).isNull();
    for (int i = 0; i < 5; i++) order(context -> context.resend(1));

    assertThat(delivery.fate()).isEqualTo(new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_LIMIT, null));
    world.close();
  }

  // ---- Resume

  @Test
  void whatIsUnacknowledgedGoesOutAgainWithItsIdAndANewSequence() {
    world.open();
    send("a");
    send("b");
    order(context -> context.acknowledgeThrough(1));
    world.failAndReconnect(world.reset);
    world.accept();

    assertThat(world.transport().texts()).containsExactly("2/3 b again");
    world.close();
  }

  @Test
  void aSessionThatIsResumedEndsWhatThePeerHasAndNumbersTheRestAfterIt() {
    world.open();
    List<Delivery> all = List.of(send("a"), send("b"), send("c"));
    world.fail(world.reset);
    Delivery later = send("d");
    all.get(1).cancel();
    protocol.onOpened =
        (context, handshake) -> {
          context.resumed(1, 1);
          context.ready();
        };
    world.awaitAttempt();
    world.accept();

    assertThat(all.get(0).fate()).isEqualTo(new Fate.Acknowledged(null));
    assertThat(world.transport().texts()).containsExactly("3/2 c again", "4/3 d");
    assertThat(later.fate()).isNull();
    order(context -> context.acknowledgeThrough(3));
    assertThat(later.fate()).isEqualTo(new Fate.Acknowledged(null));
    world.close();
  }

  @Test
  void aPeerCannotHaveWhatWasNeverHandedToATransport() {
    Delivery delivery = send("a");
    protocol.onOpened =
        (context, handshake) -> {
          context.resumed(9, 9);
          context.ready();
        };
    world.open();

    assertThat(world.transport().texts()).containsExactly("1/10 a");
    assertThat(delivery.fate()).isNull();
    world.close();
  }

  @Test
  void aSessionThatIsLostSendsAgainWhatTheProtocolWants() {
    world.open();
    Delivery first = send("a");
    Delivery second = send("b");
    world.fail(world.reset);
    send("c");
    List<String> asked = new ArrayList<>();
    protocol.onOpened =
        (context, handshake) -> {
          context.sessionLost(
              outgoing -> {
                asked.add(outgoing.id() + " " + outgoing.mayHaveArrived());
                return outgoing.id() == 2;
              });
          context.ready();
        };
    world.awaitAttempt();
    world.accept();

    assertThat(asked).containsExactly("1 true", "2 true");
    assertThat(first.fate())
        .isEqualTo(new Fate.InDoubt(Fate.InDoubt.Reason.SESSION_LOST, world.reset));
    assertThat(second.fate()).isNull();
    assertThat(world.transport().texts()).containsExactly("2/1 b again", "3/2 c");
    world.close();
  }

  // ---- In

  @Test
  void onlyWhatItDeliversReachesTheApp() {
    List<String> told = new ArrayList<>();
    world
        .connection
        .receive(message -> told.add(((Message.Text) message).text()))
        .request(MessageDemand.UNBOUNDED);
    protocol.onReceived =
        (context, text) -> {
          if (!text.startsWith("ack")) {
            context.deliver(Message.text(text + " 1"));
            context.deliver(Message.text(text + " 2"));
          }
        };
    world.open();
    receive("ack");
    receive("a");

    assertThat(told).containsExactly("a 1", "a 2");
    assertThat(protocol.calls).contains("consumed 2");
    world.close();
  }

  @Test
  void itIsToldWhatTheAppIsDoneWithAndNotWhatWaits() {
    MessageDemand demand = world.connection.receive(message -> {});
    world.open();
    receive("a");
    receive("b");
    assertThat(protocol.calls).doesNotContain("consumed 1");

    demand.request(1);
    world.clock.run();
    assertThat(protocol.calls).containsSequence("opened", "consumed 1");
    demand.request(1);
    world.clock.run();

    assertThat(protocol.calls).endsWith("consumed 1", "consumed 2");
    world.close();
  }

  @Test
  void whereNobodyListensAMessageIsDoneWithAtOnce() {
    world.open();
    receive("a");

    assertThat(protocol.calls).endsWith("consumed 1");
    world.close();
  }

  @Test
  void acknowledgementsAreReadThoughTheConsumerWaitsForThem() {
    protocol.onReceived =
        (context, text) -> {
          if (text.startsWith("ack")) context.acknowledgeThrough(1);
          else context.deliver(Message.text(text));
        };
    VirtualConnection small =
        new VirtualConnection(builder -> builder.protocol(protocol).maxInboundMessages(1));
    small.connection.receive(message -> {});
    small.open();
    Delivery awaited = small.connection.send(Message.text("a"), ACKNOWLEDGED);
    small.clock.run();

    assertThat(small.transport().receive(Message.text("b"))).isTrue();
    small.transport().receive(Message.text("ack"));
    small.clock.run();

    assertThat(awaited.fate()).isEqualTo(new Fate.Acknowledged(null));
    small.close();
  }

  @Test
  void aTransportMakesReadyThoughTheConsumerHasTakenNothing() {
    VirtualConnection small =
        new VirtualConnection(builder -> builder.protocol(protocol).maxInboundMessages(1));
    MessageDemand demand = small.connection.receive(message -> {});
    small.open();
    small.transport().receive(Message.text("b"));
    protocol.onOpened = (context, handshake) -> {};
    protocol.onReceived = (context, text) -> context.ready();
    small.failAndReconnect(small.reset);
    small.accept();
    assertThat(small.transport().takeResumed()).isTrue();

    small.transport().receive(Message.text("welcome"));
    small.clock.run();

    assertThat(small.connection.state()).isInstanceOf(Open.class);
    demand.cancel();
    small.close();
  }

  @Test
  void manyDeliveriesOfOneMessageHaveOneVerdict() {
    VirtualConnection small =
        new VirtualConnection(builder -> builder.protocol(protocol).maxInboundMessages(2));
    MessageDemand demand = small.connection.receive(message -> {});
    protocol.onReceived =
        (context, text) -> {
          for (int i = 0; i < 3; i++) context.deliver(Message.text(text + i));
        };
    small.open();
    small.transport().takeResumed();

    assertThat(small.transport().receive(Message.text("b"))).isFalse();
    demand.request(2);
    small.clock.run();

    assertThat(small.transport().takeResumed()).isTrue();
    assertThat(protocol.calls).endsWith("consumed 2");
    small.close();
  }

  @Test
  void aFullInboundBufferPausesTheReaderOnceNothingIsAwaited() {
    VirtualConnection small =
        new VirtualConnection(builder -> builder.protocol(protocol).maxInboundMessages(1));
    MessageDemand demand = small.connection.receive(message -> {});
    small.open();
    small.transport().takeResumed();

    assertThat(small.transport().receive(Message.text("b"))).isFalse();
    demand.request(1);
    small.clock.run();

    assertThat(small.transport().takeResumed()).isTrue();
    small.close();
  }

  // ---- Failure

  @Test
  void whatItThrowsEndsTheTransportAndTheNextOneIsTried() {
    world.open();
    Delivery delivery = send("a");
    protocol.onReceived =
        (context, text) -> {
          throw new IllegalArgumentException("type must be known but was " + text);
        };
    receive("x");

    assertThat(causeOfWaiting())
        .isInstanceOf(ProtocolFailed.class)
        .hasMessageContaining("type must be known but was x")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(world.transport().cancelled()).isTrue();
    world.awaitAttempt();
    world.accept();
    assertThat(world.transport().texts()).containsExactly("1/2 a again");
    assertThat(delivery.fate()).isNull();
    world.close();
  }

  @Test
  void aFailureIsFollowedByBackoffAndAnEndForGoodByClosed() {
    world.open();
    order(context -> context.fail("no such topic"));
    assertThat(world.told.events())
        .contains(new TransportLost(1, ((Waiting) world.connection.state()).cause(), 0));
    assertThat(causeOfWaiting()).hasMessage("no such topic");
    world.awaitAttempt();
    world.accept();

    order(context -> context.failForGood("banned"));

    assertThat(world.connection.state())
        .isInstanceOfSatisfying(
            Closed.class, closed -> assertThat(closed.cause()).hasMessage("banned").isNotNull());
    world.close();
  }

  @Test
  void aPeerThatAsksToReconnectElsewhereIsHeardOnce() {
    URI elsewhere = URI.create("wss://b.example.com/feed");
    ReconnectHint hint =
        ReconnectHint.DEFAULT
            .withDelay(Duration.ofSeconds(40))
            .withSpread(Duration.ZERO)
            .withEndpoint(elsewhere);
    world.open();
    order(context -> context.reconnect("restart", hint));

    Waiting waiting = (Waiting) world.connection.state();
    assertThat(waiting.cause())
        .isInstanceOf(ReconnectAsked.class)
        .hasMessage("asked to reconnect: restart");
    assertThat(waiting.delay()).isEqualTo(Duration.ofSeconds(40));
    world.connection.reconnectNow();
    world.clock.run();
    assertThat(world.connection.state()).isInstanceOf(Waiting.class);
    world.awaitAttempt();
    assertThat(world.transport().request().uri()).isEqualTo(elsewhere);
    assertThat(world.connection.url()).isEqualTo(elsewhere);
    world.failAndReconnect(world.reset);

    assertThat(world.transport().request().uri()).isEqualTo(VirtualConnection.SERVER);
    world.close();
  }

  @Test
  void ordersAreCheckedWhereTheyAreGiven() {
    world.open();
    List<String> thrown = new ArrayList<>();
    order(
        context -> {
          thrown.add(thrownBy(() -> ReconnectHint.DEFAULT.withDelay(Duration.ofSeconds(-1))));
          thrown.add(thrownBy(() -> context.schedule(Duration.ofSeconds(-1), () -> {})));
          thrown.add(thrownBy(() -> context.resumed(-1, 0)));
          thrown.add(thrownBy(() -> context.saveState(new byte[StoredMessage.MAX_STATE + 1])));
          thrown.add(thrownBy(() -> context.deliver(Message.text("a"))));
        });

    assertThat(thrown)
        .containsExactly(
            "delay must not be negative but was PT-1S",
            "delay must not be negative but was PT-1S",
            "sequence and id must not be negative but were -1 and 0",
            "state must be at most 65536 bytes but was 65537",
            "must be called from within received");
    assertThatThrownBy(() -> protocol.context().ready())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("must be called from within the protocol's own calls");
    world.close();
  }

  private static String thrownBy(Runnable call) {
    try {
      call.run();
      return "nothing";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void whatItThrowsAsItBeginsEndsTheConnection() {
    ScriptedProtocol broken = new ScriptedProtocol();
    broken.onBegun =
        (context, state) -> {
          throw new IllegalStateException("no key");
        };
    VirtualConnection ended = new VirtualConnection(builder -> builder.protocol(broken)).open();

    assertThat(ended.connection.state())
        .isInstanceOfSatisfying(
            Closed.class, closed -> assertThat(closed.cause()).hasMessageContaining("no key"));
    assertThat(broken.calls).containsExactly("begun");
  }

  @Test
  void aMessageThatMayNotBeSentTwiceIsNot() {
    world.open();
    Delivery once = world.connection.send(Message.text("a"), ACKNOWLEDGED.withAtMostOnce());
    world.clock.run();

    order(context -> context.resend(1));

    assertThat(once.fate()).isEqualTo(new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_FORBIDDEN, null));
    assertThat(world.transport().texts()).containsExactly("1/1 a");
    world.close();
  }

  @Test
  void theEndIsToldOnceAndWhatIsSavedThenIsKept() throws Exception {
    MemorySendQueue queue = new MemorySendQueue(1 << 20);
    ScriptedProtocol saving = new ScriptedProtocol();
    saving.onClosed = context -> context.saveState("last".getBytes(UTF_8));
    VirtualConnection kept =
        new VirtualConnection(builder -> builder.protocol(saving).sendQueue(queue)).open();
    kept.close();

    assertThat(saving.calls).containsExactly("begun", "opened", "closed");
    assertThat(queue.open().state()).isEqualTo("last".getBytes(UTF_8));
  }

  @Test
  void nothingIsToldAfterTheEnd() {
    MessageDemand demand = world.connection.receive(message -> {});
    world.open();
    receive("a");
    ProtocolContext context = protocol.context();
    world.close();

    demand.request(1);
    context.execute(() -> protocol.calls.add("late task"));
    world.clock.run();

    assertThat(protocol.calls).endsWith("closed");
  }

  @Test
  void aStateOfNoBytesTakesThePlaceOfAnother() throws Exception {
    MemorySendQueue queue = new MemorySendQueue(1 << 20);
    ScriptedProtocol saving = new ScriptedProtocol();
    saving.onBegun = (context, state) -> context.saveState(new byte[] {7});
    saving.onClosed = context -> context.saveState(new byte[0]);
    new VirtualConnection(builder -> builder.protocol(saving).sendQueue(queue)).open().close();

    assertThat(queue.open().state()).isEmpty();
  }

  @Test
  void controlMessagesThatThePeerDoesNotReadAreBounded() {
    world.open();
    world.transport().blockWrites();
    order(
        context -> {
          for (int i = 0; i <= ProtocolContext.MAX_CONTROL_MESSAGES; i++) {
            context.send(Message.text("x"));
          }
        });

    assertThat(causeOfWaiting())
        .hasMessageContaining("control messages that wait must be at most 1024");
    world.close();
  }

  // ---- Time and state

  @Test
  void aTaskRunsInItsTimeUnlessItIsClosedOrTheTransportIsGone() {
    List<String> ran = new ArrayList<>();
    List<Registration> registrations = new ArrayList<>();
    world.open();
    order(
        context -> {
          context.schedule(Duration.ofSeconds(1), () -> ran.add("1"));
          registrations.add(context.schedule(Duration.ofSeconds(1), () -> ran.add("closed")));
          context.schedule(Duration.ofSeconds(9), () -> ran.add("9"));
        });
    registrations.get(0).close();
    world.advance(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("1");
    world.fail(world.reset);
    order(context -> context.schedule(Duration.ofSeconds(1), () -> ran.add("no transport")));
    world.advance(Duration.ofSeconds(20));

    assertThat(ran).containsExactly("1");
    world.close();
  }

  @Test
  void stateIsFoundAgainInTheNextLifeAndMessagesWithIt() {
    MemorySendQueue queue = new MemorySendQueue(1 << 20);
    protocol.onBegun = (context, state) -> context.saveState("session 7".getBytes(UTF_8));
    VirtualConnection first =
        new VirtualConnection(builder -> builder.protocol(protocol).sendQueue(queue)).open();
    Delivery kept = first.connection.send(Message.text("a"), ACKNOWLEDGED);
    first.clock.run();
    assertThat(first.transport().texts()).containsExactly("1/1 a");
    first.close();
    assertThat(kept.fate()).isEqualTo(new Fate.Kept());

    ScriptedProtocol next = new ScriptedProtocol();
    VirtualConnection second =
        new VirtualConnection(builder -> builder.protocol(next).sendQueue(queue)).open();

    assertThat(next.calls).containsExactly("begun session 7", "opened");
    assertThat(second.transport().texts()).containsExactly("1/1 a again");
    second.close();
  }

  @Test
  void aTransportThatOpensBeforeTheQueueIsReadWaitsForIt() {
    ScriptedProtocol waiting = new ScriptedProtocol();
    VirtualClock clock = new VirtualClock();
    List<Runnable> opening = new ArrayList<>();
    Executor io =
        task -> {
          // The first one opens the queue.
          if (opening.isEmpty()) opening.add(task);
          else clock.executor().execute(task);
        };
    VirtualConnection held =
        new VirtualConnection(
            builder ->
                builder
                    .protocol(waiting)
                    .sendQueue(new MemorySendQueue(1 << 20))
                    .clock(clock)
                    .ioExecutor(io));
    held.connection.open();
    clock.run();
    held.transport().accept();
    clock.run();
    assertThat(waiting.calls).isEmpty();
    assertThat(held.transport().takeResumed()).isFalse();

    opening.get(0).run();
    clock.run();

    assertThat(waiting.calls).containsExactly("begun", "opened");
    assertThat(held.connection.state()).isInstanceOf(Open.class);
    assertThat(held.transport().takeResumed()).isTrue();
  }

  // ---- Assurance

  @Test
  void aProtocolThatAcknowledgesNothingRefusesAcknowledged() {
    protocol.guarantee = Guarantee.NONE;
    VirtualConnection none = new VirtualConnection(builder -> builder.protocol(protocol));
    VirtualConnection plain = new VirtualConnection(builder -> builder.protocol(Protocol.PLAIN));

    for (VirtualConnection without : List.of(none, plain)) {
      assertThatThrownBy(() -> without.connection.send(Message.text("a"), ACKNOWLEDGED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("assurance must be WRITTEN or CONFIRMED")
          .hasMessageContaining("but was ACKNOWLEDGED");
    }
  }

  @Test
  void aMessageOfALifeThatAcknowledgedIsConfirmedInOneThatDoesNot() {
    MemorySendQueue queue = new MemorySendQueue(1 << 20);
    VirtualConnection first =
        new VirtualConnection(builder -> builder.protocol(protocol).sendQueue(queue));
    first.clock.run();
    first.connection.send(Message.text("a"), ACKNOWLEDGED);
    first.clock.run();
    first.close();

    VirtualConnection second = new VirtualConnection(builder -> builder.sendQueue(queue)).open();
    List<Fate> fates = new ArrayList<>();
    second.connection.recovered().join().get(0).whenEnded(fates::add);
    second.advance(Duration.ofSeconds(1));

    assertThat(second.transport().texts()).containsExactly("a");
    assertThat(fates).containsExactly(new Fate.Confirmed());
    second.close();
  }

  @Test
  void aDrainWaitsForAcknowledgements() {
    world.open();
    Delivery delivery = send("a");
    world.connection.drain(Duration.ofMinutes(1));
    world.advance(Duration.ofSeconds(30));
    assertThat(world.connection.state()).isInstanceOf(Open.class);

    order(context -> context.acknowledge(1, null));

    assertThat(delivery.fate()).isEqualTo(new Fate.Acknowledged(null));
    assertThat(world.transport().closeCode()).isEqualTo(1000);
    world.close();
  }
}
