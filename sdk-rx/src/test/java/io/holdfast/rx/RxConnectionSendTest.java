package io.holdfast.rx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Assurance;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionSendTest {
  private static final Fate CONFIRMED = new Fate.Confirmed();

  private final FakeConnection fake = new FakeConnection();
  private final RxConnection connection = RxConnection.of(fake);

  @Test
  void aMessageIsSentOnceForEachSubscription() {
    Single<Fate> send = connection.send("hello");
    assertThat(fake.deliveries).isEmpty();

    TestObserver<Fate> first = send.test();
    TestObserver<Fate> second = send.test();

    assertThat(fake.deliveries)
        .extracting(FakeDelivery::message)
        .containsExactly(Message.text("hello"), Message.text("hello"));
    fake.deliveries.get(0).end(CONFIRMED);
    first.assertResult(CONFIRMED);
    second.assertEmpty();
  }

  @Test
  void optionsArePassedOn() {
    SendOptions written = SendOptions.DEFAULT.withAssurance(Assurance.WRITTEN);

    connection.send(Message.text("a")).test().assertEmpty();
    connection.send(Message.text("b"), written).test().assertEmpty();

    assertThat(fake.deliveries)
        .extracting(FakeDelivery::options)
        .containsExactly(SendOptions.DEFAULT, written);
  }

  @Test
  void aBadFateIsAValueToo() {
    Fate rejected = new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL);
    TestObserver<Fate> send = connection.send("hello").test();

    fake.deliveries.get(0).end(rejected);

    send.assertResult(rejected);
  }

  @Test
  void disposingTakesAQueuedMessageBack() {
    TestObserver<Fate> send = connection.send("hello").test();

    send.dispose();

    assertThat(fake.deliveries.get(0).fate()).isInstanceOf(Fate.Cancelled.class);
    send.assertEmpty();
  }

  @Test
  void disposingLeavesAMessageThatATransportHasAlone() {
    TestObserver<Fate> send = connection.send("hello").test();
    fake.deliveries.get(0).take();

    send.dispose();
    fake.deliveries.get(0).end(CONFIRMED);

    send.assertEmpty();
  }

  @Test
  void whoDisposesBeforeSubscribingSendsNothing() {
    TestObserver<Fate> disposed = new TestObserver<>();
    disposed.dispose();

    connection.send("hello").subscribe(disposed);

    assertThat(fake.deliveries).isEmpty();
  }

  @Test
  void aTextThatUtf8CannotCarryIsRefusedBeforeSubscription() {
    assertThatThrownBy(() -> connection.send("\ud800"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
