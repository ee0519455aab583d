package io.holdfast.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Assurance;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Open;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.queue.MemorySendQueue;
import io.holdfast.queue.SendQueue.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection whose messages outlive it. */
class SendQueueTest {
  // Until the ping that confirms what came after the first.
  private static final Duration SPACING = Duration.ofSeconds(1);

  private static final SendOptions WRITTEN = SendOptions.DEFAULT.withAssurance(Assurance.WRITTEN);

  private final HeldQueue queue = new HeldQueue();
  private final List<String> told = new ArrayList<>();

  private VirtualConnection held() {
    VirtualConnection world = new VirtualConnection(builder -> builder.sendQueue(queue));
    world.clock.run();
    return world;
  }

  private VirtualConnection openHeld() {
    VirtualConnection world = held().open();
    queue.handings.remove().ready(true);
    world.clock.run();
    return world;
  }

  private void close(VirtualConnection world) {
    world.connection.close();
    world.advance(Duration.ofSeconds(10));
    queue.closings.remove().run();
    world.clock.run();
    assertThat(world.connection.state()).isInstanceOf(Closed.class);
    world.close();
  }

  // ---- Accepted once it is stored

  @Test
  void aMessageGoesOutAndIsAcceptedOnceItIsStored() {
    VirtualConnection world = openHeld();
    Delivery delivery = world.connection.send("a");
    delivery.whenAccepted(() -> told.add("before"));
    world.clock.run();
    assertThat(delivery.accepted()).isFalse();
    assertThat(delivery.id()).isZero();
    assertThat(world.transport().texts()).isEmpty();
    assertThat(told).isEmpty();

    queue.store();
    world.clock.run();

    assertThat(delivery.accepted()).isTrue();
    assertThat(delivery.id()).isEqualTo(1);
    assertThat(world.transport().texts()).containsExactly("a");
    delivery.whenAccepted(() -> told.add("after"));
    world.clock.run();
    assertThat(told).containsExactly("before", "after");
    world.advance(SPACING);
    assertThat(delivery.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(queue.calls).containsExactly("open", "handed 0", "handing", "append 1", "release 1");
    close(world);
  }

  @ParameterizedTest
  @EnumSource(Refusal.Reason.class)
  void whatIsRefusedIsRejectedWithTheReason(Refusal.Reason reason) {
    VirtualConnection world = openHeld();
    Delivery delivery = world.connection.send("a");
    delivery.whenAccepted(() -> told.add("accepted"));
    Delivery next = world.connection.send("b");
    world.clock.run();

    queue.refuse(reason);
    queue.store();
    world.advance(SPACING);

    String name = reason == Refusal.Reason.CLOSED ? "CONNECTION_CLOSED" : reason.name();
    assertThat(delivery.fate()).isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.valueOf(name)));
    assertThat(delivery.accepted()).isFalse();
    assertThat(told).isEmpty();
    assertThat(next.fate()).isEqualTo(new Fate.Confirmed());
    assertThat(world.transport().texts()).containsExactly("b");
    close(world);
  }

  @Test
  void aMessageTakenBackBeforeItIsStoredIsReleased() {
    VirtualConnection world = openHeld();
    Delivery delivery = world.connection.send("a");
    delivery.whenAccepted(() -> told.add("accepted"));
    world.clock.run();

    assertThat(delivery.cancel()).isTrue();
    queue.store();
    world.clock.run();

    assertThat(queue.calls).contains("append 1", "release 1");
    assertThat(delivery.accepted()).isFalse();
    assertThat(told).isEmpty();
    assertThat(world.transport().texts()).isEmpty();
    close(world);
  }

  @Test
  void aMessageTakenBackAtOnceIsNeverGivenToTheQueue() {
    VirtualConnection world = openHeld();
    Delivery delivery = world.connection.send("a");
    delivery.cancel();
    world.clock.run();

    assertThat(queue.calls).containsExactly("open", "handed 0", "handing");
    close(world);
  }

  @Test
  void withoutASendQueueAMessageIsAcceptedAtOnce() {
    VirtualConnection world = new VirtualConnection();
    Delivery delivery = world.connection.send("a");
    delivery.whenAccepted(() -> told.add("accepted"));
    world.clock.run();

    assertThat(delivery.accepted()).isTrue();
    assertThat(told).containsExactly("accepted");
    assertThat(world.connection.recovered().join()).isEmpty();
    world.close();
    Delivery late = world.connection.send("late");
    late.whenAccepted(() -> told.add("late"));
    world.clock.run();
    assertThat(late.accepted()).isFalse();
    assertThat(told).containsExactly("accepted");
  }

  // ---- What the queue is told of transports

  @Test
  void nothingIsHandedBeforeTheQueueKnowsThatItMayBe() {
    VirtualConnection world = held().open();
    world.connection.send("a");
    world.clock.run();
    queue.store();
    world.clock.run();
    assertThat(world.transport().texts()).isEmpty();

    queue.handings.remove().ready(false);
    world.clock.run();

    assertThat(world.transport().texts()).containsExactly("a");
    close(world);
  }

  @Test
  void aQueueThatIsReadyTooLateOpensNoOtherGate() {
    VirtualConnection world = held().open();
    world.connection.send("a");
    world.clock.run();
    queue.store();
    world.failAndReconnect(world.reset);
    world.accept();
    assertThat(queue.calls).contains("handed 0");

    queue.handings.remove().ready(true);
    world.clock.run();
    assertThat(world.transport().texts()).isEmpty();
    queue.handings.remove().ready(true);
    world.clock.run();

    assertThat(world.transport().texts()).containsExactly("a");
    close(world);
  }

  @Test
  void afterALossTheQueueHearsHowFarATransportGot() {
    VirtualConnection world = openHeld();
    world.transport().blockWrites();
    world.connection.send("a");
    world.clock.run();
    queue.store();
    world.clock.run();
    world.transport().unblockWrites();
    world.clock.run();
    world.connection.send("b");
    world.clock.run();

    world.fail(world.reset);

    assertThat(queue.calls).contains("handed 1");
    queue.store();
    close(world);
  }

  // ---- The next life

  private static VirtualConnection with(MemorySendQueue memory) {
    VirtualConnection world = new VirtualConnection(builder -> builder.sendQueue(memory));
    world.clock.run();
    return world;
  }

  private static void end(VirtualConnection world) {
    world.close();
    assertThat(world.connection.state()).isInstanceOf(Closed.class);
  }

  @Test
  void whatIsLeftIsKeptAndGoesOutFirstInTheNextLife() {
    MemorySendQueue memory = new MemorySendQueue(1 << 20);
    VirtualConnection first = with(memory);
    SendOptions options = SendOptions.DEFAULT.withMetadata(Map.of("order", "7"));
    Delivery a = first.connection.send(Message.text("a"), options);
    Delivery b = first.connection.send("b");
    first.clock.run();
    end(first);
    assertThat(a.fate()).isEqualTo(new Fate.Kept());
    assertThat(b.fate()).isEqualTo(new Fate.Kept());

    VirtualConnection second = with(memory);
    second.connection.send("c");
    List<Delivery> left = second.connection.recovered().join();
    second.open();
    second.advance(SPACING);

    assertThat(second.transport().texts()).containsExactly("a", "b", "c");
    assertThat(left).extracting(Delivery::id).containsExactly(a.id(), b.id());
    assertThat(left).extracting(Delivery::accepted).containsExactly(true, true);
    assertThat(left.get(0).options()).isEqualTo(options);
    assertThat(left).extracting(Delivery::fate).containsOnly(new Fate.Confirmed());
    end(second);
    VirtualConnection third = with(memory);
    assertThat(third.connection.recovered().join()).isEmpty();
    end(third);
  }

  @Test
  void aTimeToLiveGoesOnBetweenLives() {
    MemorySendQueue memory = new MemorySendQueue(1 << 20);
    SendOptions mortal = SendOptions.DEFAULT.withTimeToLive(Duration.ofMinutes(10));
    VirtualConnection first = with(memory);
    first.connection.send(Message.text("a"), mortal);
    first.clock.run();
    end(first);
    // Whose days are those of the test that closed the first.
    VirtualConnection second = new VirtualConnection(builder -> builder.sendQueue(memory));
    second.clock.stepWall(Duration.ofMinutes(9));
    second.clock.run();
    Delivery left = second.connection.recovered().join().get(0);
    second.advance(Duration.ofSeconds(59));
    assertThat(left.fate()).isNull();

    second.advance(Duration.ofSeconds(2));

    assertThat(left.fate()).isEqualTo(new Fate.Expired());
    end(second);
  }

  @Test
  void aQueueThatDoesNotOpenRejectsEverythingAndTheConnectionLives() {
    IOException failure = new IOException("in use");
    queue.openFailure = failure;
    VirtualConnection world = new VirtualConnection(builder -> builder.sendQueue(queue));
    Delivery before = world.connection.send("before");
    world.open();
    Delivery after = world.connection.send("after");
    world.clock.run();

    Fate rejected = new Fate.Rejected(Fate.Rejected.Reason.QUEUE_NOT_OPEN);
    assertThat(before.fate()).isEqualTo(rejected);
    assertThat(after.fate()).isEqualTo(rejected);
    assertThat(world.connection.state()).isInstanceOf(Open.class);
    assertThatThrownBy(() -> world.connection.recovered().join()).hasCause(failure);
    world.close();
    assertThat(queue.calls).containsExactly("open");
  }

  @Test
  void itIsClosedOnceTheQueueIs() {
    VirtualConnection world = openHeld();
    world.connection.close();
    world.advance(Duration.ofSeconds(10));
    assertThat(world.connection.state()).isInstanceOf(Closing.class);
    assertThat(queue.calls).endsWith("close");

    queue.closings.remove().run();
    world.clock.run();

    assertThat(world.connection.state()).isInstanceOf(Closed.class);
    world.close();
  }

  @Test
  void whatNoTransportHadIsSentInTheNextLifeEvenWhereAResendIsForbidden() {
    MemorySendQueue memory = new MemorySendQueue(1 << 20);
    VirtualConnection first = with(memory).open();
    first.connection.pauseSending();
    first.connection.send(Message.text("a"), SendOptions.DEFAULT.withAtMostOnce());
    first.clock.run();
    end(first);

    VirtualConnection second = with(memory).open();
    second.advance(SPACING);

    assertThat(second.transport().texts()).containsExactly("a");
    end(second);
  }

  @Test
  void aDrainWaitsForWhatTheLastLifeLeft() {
    MemorySendQueue memory = new MemorySendQueue(1 << 20);
    VirtualConnection first = with(memory);
    first.connection.send("a");
    first.clock.run();
    end(first);

    VirtualConnection second = new VirtualConnection(builder -> builder.sendQueue(memory));
    second.connection.open();
    second.connection.drain(Duration.ofMinutes(1));
    second.clock.run();
    second.accept();
    second.advance(SPACING);

    assertThat(second.transport().texts()).containsExactly("a");
    end(second);
  }

  @Test
  void aFateIsToldAfterTheAcceptance() {
    VirtualConnection world = openHeld();
    Delivery delivery = world.connection.send(Message.text("a"), WRITTEN);
    delivery.whenEnded(fate -> told.add("ended"));
    delivery.whenAccepted(() -> told.add("accepted"));
    world.clock.run();

    queue.store();
    world.clock.run();

    assertThat(told).containsExactly("accepted", "ended");
    close(world);
  }

  @Test
  void aConnectionClosedBeforeItsQueueIsReadKeepsWhatWasThere() {
    MemorySendQueue memory = new MemorySendQueue(1 << 20);
    VirtualConnection first = with(memory);
    first.connection.send("a");
    first.clock.run();
    end(first);
    VirtualConnection hasty = new VirtualConnection(builder -> builder.sendQueue(memory));
    hasty.connection.close();
    hasty.clock.run();
    assertThat(hasty.connection.recovered().join())
        .extracting(Delivery::fate)
        .containsOnly(new Fate.Kept());
    end(hasty);

    VirtualConnection last = with(memory);
    assertThat(last.connection.recovered().join()).hasSize(1);
    end(last);
  }
}
