package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Clock;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.NotDelivered;
import io.holdfast.ConnectionEvent.QueueFilled;
import io.holdfast.ConnectionEvent.QueueHasRoom;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.Overflow;
import io.holdfast.SendOptions;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.internal.Settings;
import io.holdfast.transport.OutboundBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The outbox's timers, wake-ups and tellings, in virtual time, with callbacks on the caller. */
class OutboxRunnerTest {
  private static final Duration SPACING = Duration.ofSeconds(1);
  private static final Duration TTL = Duration.ofSeconds(3);
  private static final SendOptions MORTAL = SendOptions.DEFAULT.withTimeToLive(TTL);
  private static final int NONCE = 7;

  private final VirtualClock clock = new VirtualClock();
  private final CountingClock counted = new CountingClock(clock);
  private final List<String> calls = new ArrayList<>();
  private final List<ConnectionEvent> events = new ArrayList<>();
  private final OutboxRunner outbox =
      new OutboxRunner(
          new Settings.Queue(100, 1 << 20, 1 << 20, Overflow.REJECT, 5, SPACING),
          null,
          false,
          state -> {},
          Runnable::run,
          counted,
          new SerialExecutor(unlocked(clock.executor())),
          new SerialExecutor(unlocked(Runnable::run)),
          () -> call("wake"),
          () -> call("drained"),
          () -> call("settled"),
          () -> call("awaits pong"),
          this::told);
  private final OutboundBatch batch = new OutboundBatch();

  /** Counts timers, so that one which is started again and again in no time shows. */
  private static final class CountingClock implements Clock {
    private final VirtualClock clock;
    private int scheduled;

    private CountingClock(VirtualClock clock) {
      this.clock = clock;
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public long wallMillis() {
      return clock.wallMillis();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
      // Ends the loop; the lane logs it, and the count tells.
      if (++scheduled > 100) throw new AssertionError("timers without end");
      return clock.schedule(task, delayNanos);
    }
  }

  @AfterEach
  void leavesNoTimer() {
    outbox.endAll();
    clock.run();
    assertThat(clock.timers()).isZero();
    assertThat(counted.scheduled).isLessThan(100);
  }

  @Test
  void aMessageExpiresThoughNothingElseHappens() {
    Delivery mortal = send("mortal", MORTAL);
    clock.run();
    clock.advance(TTL.minusNanos(1));
    assertThat(mortal.fate()).isNull();

    clock.advance(Duration.ofNanos(1));

    assertThat(mortal.fate()).isEqualTo(new Fate.Expired());
    assertThat(clock.timers()).isZero();
  }

  @Test
  void eachMessageExpiresAtItsOwnTime() {
    Delivery late = send("late", SendOptions.DEFAULT.withTimeToLive(TTL.multipliedBy(2)));
    clock.run();
    Delivery early = send("early", MORTAL);
    clock.run();

    clock.advance(TTL);
    assertThat(early.fate()).isEqualTo(new Fate.Expired());
    assertThat(late.fate()).isNull();
    clock.advance(TTL);

    assertThat(late.fate()).isEqualTo(new Fate.Expired());
  }

  @Test
  void aRewoundMessageExpiresToo() {
    open();
    Delivery mortal = send("mortal", MORTAL);
    take();
    clock.advance(TTL.multipliedBy(2));
    assertThat(mortal.fate()).isNull();

    outbox.rewind(new StreamBroken("reset", null));
    clock.advance(Duration.ZERO);

    assertThat(mortal.fate()).isInstanceOf(Fate.InDoubt.class);
  }

  @Test
  void aSleepingWriterIsWokenForTheBarrierWhenTheSpacingEnds() {
    openAndConfirmOne();
    send("b");
    write();
    assertThat(take()).isFalse();
    calls.clear();
    clock.advance(SPACING.minusNanos(1));
    assertThat(calls).isEmpty();

    clock.advance(Duration.ofNanos(1));

    assertThat(calls).containsExactly("wake");
    assertThat(take()).isTrue();
    assertThat(batch.ping()).isNotNull();
  }

  @Test
  void theLastBarrierOfADrainDoesNotWaitForTheTimerThatRuns() {
    openAndConfirmOne();
    send("b");
    write();
    assertThat(take()).isFalse();
    clock.advance(Duration.ZERO);
    calls.clear();

    outbox.refuseAndWatch();
    clock.advance(Duration.ZERO);

    assertThat(calls).containsExactly("wake");
    assertThat(take()).isTrue();
    assertThat(batch.ping()).isNotNull();
  }

  @Test
  void aWriterThatIsHeldUpDoesNotKeepTheTimerBusy() {
    openAndConfirmOne();
    send("b");
    assertThat(take()).isTrue();
    assertThat(batch.ping()).isNull();
    calls.clear();

    // The kernel takes nothing for a minute.
    clock.advance(Duration.ofMinutes(1));

    assertThat(calls).isEmpty();
    outbox.written(1);
    assertThat(take()).isTrue();
    assertThat(batch.ping()).isNotNull();
  }

  @Test
  void aWriterThatComesLateDoesNotKeepTheTimerBusy() {
    openAndConfirmOne();
    send("b");
    write();
    assertThat(take()).isFalse();
    calls.clear();

    clock.advance(Duration.ofMinutes(1));

    assertThat(calls).containsExactly("wake");
  }

  @Test
  void theEndLeavesNoTimerOverForABarrierThatWasNotYetDue() {
    openAndConfirmOne();
    send("b");
    write();
    assertThat(take()).isFalse();
    clock.run();
    assertThat(clock.timers()).isEqualTo(1);

    outbox.endAll();

    assertThat(clock.timers()).isZero();
    clock.advance(Duration.ofMinutes(1));
  }

  @Test
  void theEndLeavesNoTimerOverForAMessageThatWouldHaveExpired() {
    Delivery mortal = send("mortal", MORTAL);
    clock.run();
    assertThat(clock.timers()).isEqualTo(1);

    outbox.endAll();

    assertThat(clock.timers()).isZero();
    assertThat(mortal.fate())
        .isEqualTo(new Fate.Cancelled(Fate.Cancelled.Reason.CONNECTION_CLOSED));
  }

  @Test
  void aWriterThatAskedBeforeTheTransportWasAttachedIsWoken() {
    send("a");
    assertThat(take()).isFalse();

    open();

    assertThat(calls).containsExactly("wake");
  }

  @Test
  void thatAPongIsAwaitedIsToldWhenItBegins() {
    open();
    calls.clear();
    send("a");
    take();
    assertThat(calls).containsExactly("awaits pong");
    assertThat(outbox.awaitsPong()).isTrue();
    outbox.written(1);
    outbox.pong(1, requireNonNull(batch.ping()));
    assertThat(outbox.awaitsPong()).isFalse();

    send("b");
    take();

    assertThat(calls).containsExactly("awaits pong", "awaits pong");
  }

  @Test
  void theDrainedOutboxIsToldOnce() {
    open();
    send("a");
    outbox.refuseAndWatch();
    assertThat(calls).doesNotContain("drained");
    write();
    outbox.pong(1, requireNonNull(batch.ping()));
    send("late");

    assertThat(calls).containsOnlyOnce("drained");
  }

  @Test
  void anEmptyOutboxIsDrainedAtOnce() {
    outbox.refuseAndWatch();
    assertThat(calls).containsExactly("drained");
  }

  @Test
  void fatesAreToldInTheOrderOfEnds() {
    List<String> told = new ArrayList<>();
    List<Delivery> deliveries = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      Delivery delivery = send(name);
      delivery.whenEnded(fate -> told.add(name));
      deliveries.add(delivery);
    }
    deliveries.get(2).cancel();
    outbox.endAll();
    assertThat(told).containsExactly("c", "a", "b", "d");
  }

  @Test
  void listenersAreToldInTheOrderOfRegistrationAndLateOnesToo() {
    List<String> told = new ArrayList<>();
    Delivery delivery = send("a");
    delivery.whenEnded(fate -> told.add("first " + fate));
    delivery.whenEnded(fate -> told.add("second " + fate));
    CompletableFuture<Fate> future = delivery.toFuture();

    delivery.cancel();
    delivery.whenEnded(fate -> told.add("late " + fate));

    Fate fate = requireNonNull(delivery.fate());
    assertThat(told).containsExactly("first " + fate, "second " + fate, "late " + fate);
    assertThat(future).isCompletedWithValue(fate);
  }

  @Test
  void aListenerThatThrowsAnythingDoesNotKeepTheOthersFromBeingTold() {
    List<String> told = new ArrayList<>();
    for (Throwable thrown :
        List.of(new RuntimeException("a"), new AssertionError("b"), new IOException("c"))) {
      Delivery delivery = send("a");
      delivery.whenEnded(fate -> Sneaky.fail(thrown));
      delivery.whenEnded(fate -> told.add("after " + thrown.getMessage()));
    }

    outbox.endAll();

    assertThat(told).containsExactly("after a", "after b", "after c");
  }

  @Test
  void aListenerMaySendAndCancel() {
    List<Fate> told = new ArrayList<>();
    Delivery victim = send("victim");
    victim.whenEnded(told::add);
    Delivery first = send("first");
    first.whenEnded(
        fate -> {
          told.add(fate);
          victim.cancel();
          Delivery reply = send("reply");
          reply.whenEnded(told::add);
          reply.cancel();
        });

    first.cancel();

    Fate byApp = new Fate.Cancelled(Fate.Cancelled.Reason.BY_APP);
    assertThat(told).containsExactly(byApp, byApp, byApp);
  }

  @Test
  void aRejectedDeliveryHasItsFateAtOnceAndIsTold() {
    outbox.refuseAll();
    List<Fate> told = new ArrayList<>();

    Delivery delivery = send("a");
    delivery.whenEnded(told::add);

    assertThat(delivery.fate())
        .isEqualTo(new Fate.Rejected(Fate.Rejected.Reason.CONNECTION_CLOSED));
    assertThat(told).containsExactly(delivery.fate());
    assertThat(delivery.cancel()).isFalse();
  }

  // ---- Steps

  private void open() {
    outbox.open(1, NONCE);
    clock.run();
  }

  private void openAndConfirmOne() {
    open();
    send("a");
    write();
    outbox.pong(1, requireNonNull(batch.ping()));
    clock.run();
  }

  private Delivery send(String text) {
    return send(text, SendOptions.DEFAULT);
  }

  @Test
  void aFullQueueAndItsRoomAreToldOnceEachWithNoLockHeld() {
    List<Delivery> all = new ArrayList<>();
    for (int i = 0; i < 102; i++) all.add(send("waits", SendOptions.DEFAULT));
    assertThat(events)
        .extracting(Object::getClass)
        .containsOnlyOnce(QueueFilled.class)
        .doesNotContain(QueueHasRoom.class);

    for (Delivery each : all.subList(0, 49)) each.cancel();
    assertThat(events).extracting(Object::getClass).doesNotContain(QueueHasRoom.class);
    for (Delivery each : all.subList(49, 100)) each.cancel();

    assertThat(events).extracting(Object::getClass).containsOnlyOnce(QueueHasRoom.class);
    assertThat(events).filteredOn(NotDelivered.class::isInstance).hasSize(102);
  }

  private Delivery send(String text, SendOptions options) {
    return outbox.send(Message.text(text), options);
  }

  private boolean take() {
    batch.clear();
    return outbox.take(1, batch, 1 << 16);
  }

  private void write() {
    assertThat(take()).isTrue();
    outbox.written(1);
  }

  private void call(String name) {
    checkUnlocked();
    calls.add(name);
  }

  private void told(ConnectionEvent event) {
    checkUnlocked();
    events.add(event);
  }

  private Executor unlocked(Executor executor) {
    return task -> {
      checkUnlocked();
      executor.execute(task);
    };
  }

  /** Another thread can have the lock, so this one does not hold it. */
  private void checkUnlocked() {
    @Nullable OutboxRunner runner = outbox;
    if (runner == null) return;
    try {
      CompletableFuture.supplyAsync(runner::snapshot).get(10, SECONDS);
    } catch (Exception e) {
      throw new AssertionError("called under the lock", e);
    }
  }
}
