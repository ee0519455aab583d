package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionState.Closed;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An app holds its own messages back, or takes them all back. */
class PausedSendingTest {
  private static final Fate CANCELLED = new Fate.Cancelled(Fate.Cancelled.Reason.BY_APP);

  private final VirtualConnection world = new VirtualConnection();

  @AfterEach
  void leavesNothing() {
    world.close();
  }

  @Test
  void messagesWaitForTheEndOfThePause() {
    world.open();
    world.connection.pauseSending();
    Delivery delivery = world.connection.send("later");
    world.advance(Duration.ofMinutes(1));

    assertThat(world.connection.isSendingPaused()).isTrue();
    assertThat(world.connection.queue().queued()).isEqualTo(1);
    assertThat(delivery.fate()).isNull();

    world.connection.resumeSending();
    world.clock.run();
    assertThat(world.connection.isSendingPaused()).isFalse();
    assertThat(world.connection.queue().queued()).isZero();
  }

  @Test
  void aPauseBeforeOpenHoldsAndTwoAreOne() {
    world.connection.pauseSending();
    world.connection.pauseSending();
    world.connection.send("later");
    world.open();
    world.clock.run();
    assertThat(world.connection.queue().queued()).isEqualTo(1);

    world.connection.resumeSending();
    world.connection.resumeSending();
    world.clock.run();

    assertThat(world.connection.queue().queued()).isZero();
  }

  @Test
  void aDrainEndsThePause() {
    world.open();
    world.connection.pauseSending();
    world.connection.send("before the end");

    world.connection.drain(Duration.ofSeconds(30));
    world.clock.run();

    assertThat(world.connection.isSendingPaused()).isFalse();
    assertThat(world.connection.queue().queued()).isZero();
  }

  @Test
  void allThatIsQueuedIsTakenBackAndWhatIsInFlightStays() {
    world.open();
    Delivery inFlight = world.connection.send("in flight");
    world.clock.run();
    world.connection.pauseSending();
    Delivery first = world.connection.send("first");
    Delivery second = world.connection.send("second");

    assertThat(world.connection.cancelQueued()).isEqualTo(2);
    assertThat(world.connection.cancelQueued()).isZero();

    assertThat(first.fate()).isEqualTo(CANCELLED);
    assertThat(second.fate()).isEqualTo(CANCELLED);
    assertThat(inFlight.fate()).isNotEqualTo(CANCELLED);
    assertThat(world.connection.queue().queued()).isZero();
  }

  @Test
  void onceClosedAllOfItDoesNothing() {
    world.open();
    world.connection.close();
    world.advance(Duration.ofSeconds(5));
    assertThat(world.connection.state()).isInstanceOf(Closed.class);

    world.connection.pauseSending();
    world.connection.resumeSending();

    assertThat(world.connection.cancelQueued()).isZero();
  }
}
