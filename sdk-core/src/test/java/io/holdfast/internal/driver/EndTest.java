package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.resilience4j.retry.RetryConfig;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection ends, and what becomes of its messages. */
class EndTest {
  private static final Fate REJECTED = new Fate.Rejected(Fate.Rejected.Reason.CONNECTION_CLOSED);
  private static final Fate CANCELLED = new Fate.Cancelled(Fate.Cancelled.Reason.CONNECTION_CLOSED);
  private final ConnectionException refused = new Refused("refused", null);

  private final VirtualConnection world = new VirtualConnection();

  @AfterEach
  void leavesNothing() {
    world.close();
  }

  @Test
  void messagesAreAcceptedBeforeOpenAndWait() {
    world.connection.send("early");

    assertThat(world.connection.queue()).isEqualTo(new QueueSnapshot(1, 0, 5, Duration.ZERO));
    assertThat(world.connection.bufferedAmount()).isEqualTo(5);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.connection.queue().oldestAge()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aMessageAfterCloseIsRejectedAtOnce() {
    world.open();
    world.connection.close();

    assertThat(world.connection.send("late").fate()).isEqualTo(REJECTED);
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void nullIsNoMessage() {
    assertThatNullPointerException().isThrownBy(() -> world.connection.send((Message) null));
    assertThatNullPointerException().isThrownBy(() -> world.connection.send((String) null));
    assertThatNullPointerException()
        .isThrownBy(() -> world.connection.send(Message.text("a"), null));
    assertThatNullPointerException().isThrownBy(() -> world.connection.receive(null));
    assertThatNullPointerException().isThrownBy(() -> world.connection.addListener(null));
    assertThat(world.connection.queue()).isEqualTo(QueueSnapshot.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1001, 1005, 1006, 1015, 2999, 5000})
  void aCodeThatAnAppMayNotSendIsRefusedAndClosesNothing(int code) {
    world.open();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.connection.close(code, ""))
        .withMessage("close code must be 1000 or 3000 to 4999 but was " + code);

    assertThat(world.connection.send("still").fate()).isNull();
    world.clock.run();
    assertThat(world.connection.state()).isInstanceOf(Open.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 3000, 4999})
  void aCodeThatAnAppMaySendIsSent(int code) {
    world.open();

    world.connection.close(code, "");
    world.clock.run();

    assertThat(world.transport().closeCode()).isEqualTo(code);
  }

  @Test
  @SuppressWarnings("NullAway") // What the compiler would refuse.
  void aReasonIsAtMost123BytesOfUtf8() {
    world.open();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.connection.close(1000, "é".repeat(62)))
        .withMessage("close reason must be at most 123 bytes of UTF-8 but was 124");
    assertThatNullPointerException().isThrownBy(() -> world.connection.close(1000, null));

    world.connection.close(1000, "é".repeat(61) + "e");
    world.clock.run();

    assertThat(world.connection.state()).isInstanceOf(Closing.class);
  }

  @Test
  void thePeersAnswerEndsItCleanly() {
    world.open();
    world.connection.close(4001, "bye");
    world.clock.run();

    world.transport().answerClose();
    world.clock.run();

    assertThat(world.connection.state()).isEqualTo(new Closed(4001, "", true, null));
    assertThat(world.clock.timers()).isZero();
  }

  @Test
  void whatIsQueuedIsCancelledAndWhatIsInFlightIsInDoubt() {
    world.open();
    world.transport().answerPings(false);
    Delivery inFlight = world.connection.send("in flight");
    world.clock.run();
    world.transport().blockWrites();
    Delivery queued = world.connection.send("queued");

    world.connection.close();
    world.advance(Duration.ofSeconds(2));

    assertThat(queued.fate()).isEqualTo(CANCELLED);
    assertThat(inFlight.fate())
        .isEqualTo(new Fate.InDoubt(Fate.InDoubt.Reason.CONNECTION_CLOSED, null));
  }

  @Test
  void aPongDuringTheClosingHandshakeStillConfirms() {
    world.open();
    world.transport().answerPings(false);
    world.advance(Duration.ofSeconds(1));
    Delivery delivery = world.connection.send("last");
    world.clock.run();
    world.connection.close();
    world.clock.run();

    world.transport().answerPings(true);

    assertThat(delivery.fate()).isEqualTo(new Fate.Confirmed());
  }

  @Test
  void aFatalCloseOfThePeerEndsTheConnectionWithItsCause() {
    world.open();

    world.fail(new PeerClosed(1008, "policy"));

    assertThat(world.connection.state())
        .isInstanceOfSatisfying(
            Closed.class,
            closed -> {
              assertThat(closed.code()).isEqualTo(1008);
              assertThat(closed.clean()).isTrue();
              assertThat(closed.cause()).isInstanceOf(PeerClosed.class);
            });
    assertThat(world.connection.send("late").fate()).isEqualTo(REJECTED);
  }

  @Test
  void anAppsOwnNumberOfAttemptsEndsTheConnection() {
    VirtualConnection bounded =
        new VirtualConnection(builder -> builder.retry(RetryConfig.ofDefaults()));
    Delivery delivery = bounded.connection.send("never");
    bounded.connection.open();
    bounded.clock.run();

    bounded.failAndReconnect(refused);
    bounded.failAndReconnect(refused);
    bounded.fail(refused);

    assertThat(bounded.connection.state()).isEqualTo(new Closed(1006, "", false, refused));
    assertThat(delivery.fate()).isEqualTo(CANCELLED);
    assertThat(bounded.clock.timers()).isZero();
  }

  // ---- drain()

  @Test
  void aDrainRefusesTheNewAndClosesOnceTheOldHaveTheirFate() {
    world.open();
    world.transport().answerPings(false);
    Delivery old = world.connection.send("old");
    world.connection.drain(Duration.ofMinutes(1));
    assertThat(world.connection.send("new").fate()).isEqualTo(REJECTED);
    world.advance(Duration.ofSeconds(1));
    assertThat(world.connection.state()).isInstanceOf(Open.class);

    world.transport().answerPings(true);
    world.advance(Duration.ofSeconds(1));

    assertThat(old.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(world.transport().closeCode()).isEqualTo(1000);
  }

  @Test
  void aDrainReconnectsIfItMust() {
    world.open();
    world.transport().answerPings(false);
    Delivery old = world.connection.send("old");
    world.connection.drain(Duration.ofMinutes(1));
    world.clock.run();
    world.failAndReconnect(world.reset);
    world.accept();

    assertThat(world.network.attempts()).isEqualTo(2);
    assertThat(old.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(world.connection.state()).isInstanceOf(Closing.class);
  }

  @Test
  void aDrainOfNothingClosesAtOnce() {
    world.open();

    world.connection.drain(Duration.ofMinutes(1));
    world.clock.run();

    assertThat(world.connection.state()).isInstanceOf(Closing.class);
  }

  @Test
  void aDrainBeforeOpenEndsAtItsDeadline() {
    Delivery delivery = world.connection.send("never");
    world.connection.drain(Duration.ofSeconds(3));
    world.clock.run();

    world.assertExactlyAfter(
        Duration.ofSeconds(3),
        over -> assertThat(delivery.fate()).isEqualTo(over ? CANCELLED : null));
    assertThat(world.connection.state()).isInstanceOf(Closed.class);
  }

  @Test
  void aDrainMayBeGivenAllTheTimeThereIsButNoneThatIsPast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.connection.drain(Duration.ofSeconds(-1)))
        .withMessage("deadline must not be negative but was PT-1S");
    world.connection.send("never");

    world.connection.drain(ChronoUnit.FOREVER.getDuration());
    world.advance(Duration.ofDays(1000));

    assertThat(world.connection.queue().queued()).isEqualTo(1);
  }
}
