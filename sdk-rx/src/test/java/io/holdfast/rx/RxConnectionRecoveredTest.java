package io.holdfast.rx;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.fixtures.FakeNetwork;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.queue.MemorySendQueue;
import io.holdfast.queue.SendQueue;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionRecoveredTest {
  private final FakeConnection fake = new FakeConnection();
  private final Single<List<Delivery>> recovered = RxConnection.of(fake).recovered();
  private final List<Delivery> left =
      List.of(new FakeDelivery(Message.text("a"), SendOptions.DEFAULT));

  @Test
  void whatAnEarlierLifeLeftIsEmittedOnceItIsRead() {
    TestObserver<List<Delivery>> early = recovered.test();
    early.assertEmpty();

    fake.recovered.complete(left);

    early.assertResult(left);
    recovered.test().assertResult(left);
  }

  @Test
  void aQueueThatCouldNotBeOpenedIsAnErrorWithWhatItThrew() {
    IOException inUse = new IOException("in use");
    TestObserver<List<Delivery>> early = recovered.test();

    fake.recovered.completeExceptionally(inUse);

    early.assertFailure(IOException.class).assertError(inUse);
    recovered.test().assertError(inUse);
  }

  @Test
  void whoDisposesHearsNothingAndDisturbsNoOther() {
    TestObserver<List<Delivery>> disposed = recovered.test();
    TestObserver<List<Delivery>> other = recovered.test();

    disposed.dispose();
    fake.recovered.complete(left);

    disposed.assertEmpty();
    other.assertResult(left);
  }

  @Test
  void anErrorAfterDisposingIsNobodys() {
    recovered.test().dispose();

    fake.recovered.completeExceptionally(new IOException("too late"));
  }

  @Test
  void aConnectionWithoutASendQueueHasNothing() {
    VirtualClock clock = new VirtualClock();
    RxConnection connection = connection(clock, null);

    connection.recovered().test().assertResult(List.of());

    close(clock, connection);
  }

  @Test
  void theNextConnectionWithTheSameQueueHasTheDeliveriesOfTheFirst() {
    VirtualClock clock = new VirtualClock();
    SendQueue queue = new MemorySendQueue(1_000_000);
    SendOptions options = SendOptions.DEFAULT.withMetadata(Map.of("order", "7"));
    RxConnection first = connection(clock, queue);
    TestObserver<Fate> send = first.send(Message.text("a"), options).test();
    clock.run();
    close(clock, first);
    send.assertResult(new Fate.Kept());

    RxConnection second = connection(clock, queue);
    TestObserver<List<Delivery>> again = second.recovered().test();
    clock.run();

    Delivery delivery = again.assertValueCount(1).values().get(0).get(0);
    assertThat(delivery.message()).isEqualTo(Message.text("a"));
    assertThat(delivery.options()).isEqualTo(options);
    assertThat(delivery.id()).isPositive();
    close(clock, second);
  }

  private static RxConnection connection(VirtualClock clock, @Nullable SendQueue queue) {
    ManagedConnection.Builder builder =
        ManagedConnection.builder(URI.create("ws://localhost/feed"))
            .transport(new FakeNetwork())
            .clock(clock)
            .ioExecutor(clock.executor())
            .random(new Random(1));
    if (queue != null) builder.sendQueue(queue);
    return RxConnection.of(builder.build());
  }

  private static void close(VirtualClock clock, RxConnection connection) {
    connection.connection().close();
    clock.advance(Duration.ofMinutes(1));
    assertThat(connection.state()).isInstanceOf(ConnectionState.Closed.class);
  }
}
