package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException.Replaced;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.ReconnectHint;
import io.holdfast.fixtures.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole connection with a second transport beside the first, in virtual time. */
class MakeBeforeBreakTest {
  // With what its bytes may take.
  private static final Duration LATE = Duration.ofMillis(2_010);

  private final ScriptedProtocol protocol = new ScriptedProtocol();
  private final List<String> received = new ArrayList<>();
  private VirtualConnection world = new VirtualConnection(builder -> builder.makeBeforeBreak(true));

  @AfterEach
  void nothingIsLeftOver() {
    world.close();
  }

  private void receive() {
    world
        .connection
        .receive(message -> received.add(((Message.Text) message).text()))
        .request(MessageDemand.UNBOUNDED);
  }

  private FakeTransport first() {
    return world.network.all().get(0);
  }

  private FakeTransport second() {
    return world.network.all().get(1);
  }

  private Delivery sendIntoSilence(String text) {
    world.advance(Duration.ofSeconds(5));
    first().answerPings(false);
    Delivery delivery = world.connection.send(text);
    world.advance(LATE);
    return delivery;
  }

  // ---- A late pong

  @Test
  void aSecondTransportStartsBesideTheLateOneAndNothingIsWrittenToIt() {
    world.open();

    Delivery delivery = sendIntoSilence("a");

    assertThat(world.network.attempts()).isEqualTo(2);
    assertThat(second().accept()).isFalse();
    assertThat(second().texts()).isEmpty();
    assertThat(delivery.fate()).isNull();
  }

  @Test
  void whatTheFirstHadIsSentAgainOnceTheSecondHasTakenItsPlace() {
    world.open();
    Delivery delivery = sendIntoSilence("a");

    second().accept();
    world.clock.run();

    assertThat(first().cancelled()).isTrue();
    assertThat(second().takeResumed()).isTrue();
    assertThat(second().texts()).containsExactly("a");
    assertThat(delivery.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(world.told.events(ConnectionEvent.TransportLost.class))
        .singleElement()
        .satisfies(lost -> assertThat(lost.cause()).isInstanceOf(Replaced.class));
    assertThat(world.connection.state())
        .isInstanceOfSatisfying(Open.class, open -> assertThat(open.generation()).isEqualTo(2));
  }

  @Test
  void theFirstStaysIfItAnswersAndTheSecondIsGivenUp() {
    world.open();
    Delivery delivery = sendIntoSilence("a");

    first().answerPings(true);
    world.clock.run();

    assertThat(second().cancelled()).isTrue();
    assertThat(first().cancelled()).isFalse();
    assertThat(delivery.fate()).isEqualTo(new Fate.Confirmed());
    world.connection.send("b");
    world.clock.run();
    assertThat(first().texts()).containsExactly("a", "b");
  }

  @Test
  void whatTheFirstSaysCountsUntilTheSecondHasTakenItsPlace() {
    receive();
    world.open();
    sendIntoSilence("a");
    first().receive(Message.text("old"));
    second().accept();
    world.clock.run();

    first().receive(Message.text("late"));
    second().receive(Message.text("new"));
    world.clock.run();

    assertThat(received).containsExactly("old", "new");
  }

  @Test
  void aSecondThatIsOpenedAfterTheFirstWasLostReadsAsAnyOther() {
    receive();
    world.open();
    sendIntoSilence("a");
    first().fail(world.reset);
    world.clock.run();

    second().accept();
    world.clock.run();
    assertThat(second().takeResumed()).isTrue();
    second().receive(Message.text("new"));
    world.clock.run();

    assertThat(world.network.attempts()).isEqualTo(2);
    assertThat(received).containsExactly("new");
    assertThat(second().texts()).containsExactly("a");
  }

  @Test
  void closeGivesTheSecondUp() {
    world.open();
    sendIntoSilence("a");

    world.connection.close();
    world.clock.run();

    assertThat(second().cancelled()).isTrue();
    assertThat(first().closeCode()).isEqualTo(1000);
  }

  // ---- Asked to drain

  private void drain(ReconnectHint hint) {
    protocol.context().execute(() -> protocol.context().reconnect("restart", hint));
    world.clock.run();
  }

  private void openWithProtocol() {
    world = new VirtualConnection(builder -> builder.protocol(protocol));
    receive();
    world.open();
  }

  @Test
  void aPeerThatDrainsIsLeftWithoutAMessageSentTwice() {
    openWithProtocol();
    first().answerPings(false);
    Delivery before = world.connection.send("a");
    world.clock.run();
    drain(ReconnectHint.DEFAULT.withDrain().withSpread(Duration.ZERO));
    second().accept();
    world.clock.run();
    Delivery meanwhile = world.connection.send("b");
    world.clock.run();
    assertThat(first().texts()).containsExactly("1/1 a");

    first().answerPings(true);
    world.clock.run();

    assertThat(before.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(meanwhile.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(second().texts()).containsExactly("2/2 b");
    assertThat(first().closeCode()).isEqualTo(1000);
    assertThat(first().cancelled()).isFalse();
    world.advance(Duration.ofSeconds(2));
    assertThat(first().cancelled()).isTrue();
  }

  @Test
  void theNextTransportWaitsForItsDelayAndTheOldOneGoesOn() {
    openWithProtocol();
    Duration delay = Duration.ofSeconds(20);

    drain(ReconnectHint.DEFAULT.withDrain().withDelay(delay).withSpread(Duration.ZERO));

    world.connection.send("a");
    world.advance(delay.minusNanos(1));
    assertThat(world.network.attempts()).isEqualTo(1);
    assertThat(first().texts()).containsExactly("1/1 a");
    world.advance(Duration.ofNanos(1));
    assertThat(world.network.attempts()).isEqualTo(2);
  }
}
