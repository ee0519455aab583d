package io.holdfast.rx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Assurance;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionSendAllTest {
  private static final Fate CONFIRMED = new Fate.Confirmed();
  private static final Fate REJECTED = new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL);

  private final FakeConnection fake = new FakeConnection();
  private final RxConnection connection = RxConnection.of(fake);
  private final AtomicLong asked = new AtomicLong();
  private final Flowable<Message> numbers =
      Flowable.rangeLong(1, Long.MAX_VALUE / 2)
          .map(number -> message(number))
          .doOnRequest(asked::addAndGet);

  @Test
  void theSourceIsAskedForAWindowAndThenForNoMoreThanDeliveriesEnd() {
    TestSubscriber<Ended> ends = connection.sendAll(numbers, SendOptions.DEFAULT, 3).test();
    assertThat(asked).hasValue(3);
    assertThat(fake.deliveries).hasSize(3);

    fake.deliveries.get(0).end(CONFIRMED);

    ends.assertValuesOnly(confirmed(1));
    assertThat(asked).hasValue(4);
    assertThat(fake.deliveries).hasSize(4);
  }

  @Test
  void endsComeInTheOrderOfTheSource() {
    TestSubscriber<Ended> ends = connection.sendAll(numbers, SendOptions.DEFAULT, 3).test();

    fake.deliveries.get(2).end(CONFIRMED);
    fake.deliveries.get(1).end(REJECTED);
    ends.assertEmpty();
    fake.deliveries.get(0).end(CONFIRMED);

    ends.assertValuesOnly(confirmed(1), new Ended(message(2), REJECTED), confirmed(3));
  }

  @Test
  void itCompletesWhenTheSourceHasAndAllDeliveriesHaveEnded() {
    TestSubscriber<Ended> ends = connection.sendAll(numbers.take(2)).test();

    fake.deliveries.get(0).end(CONFIRMED);
    ends.assertNotComplete();
    fake.deliveries.get(1).end(CONFIRMED);

    ends.assertResult(confirmed(1), confirmed(2));
  }

  @Test
  void anEmptySourceCompletesAtOnce() {
    connection.sendAll(Flowable.empty()).test().assertResult();
  }

  @Test
  void anErrorOfTheSourceComesAfterTheLastEndAndTakesNothingBack() {
    IllegalStateException broken = new IllegalStateException("broken");
    TestSubscriber<Ended> ends =
        connection.sendAll(numbers.take(2).concatWith(Flowable.error(broken))).test();

    ends.assertNoErrors();
    fake.deliveries.get(0).end(CONFIRMED);
    fake.deliveries.get(1).end(CONFIRMED);

    ends.assertFailure(IllegalStateException.class, confirmed(1), confirmed(2));
  }

  @Test
  void cancellingTakesBackWhatIsQueuedAndLeavesWhatATransportHas() {
    PublishProcessor<Message> source = PublishProcessor.create();
    TestSubscriber<Ended> ends = connection.sendAll(source).test();
    source.onNext(message(1));
    source.onNext(message(2));
    fake.deliveries.get(0).take();

    ends.cancel();

    assertThat(source.hasSubscribers()).isFalse();
    assertThat(fake.deliveries.get(0).fate()).isNull();
    assertThat(fake.deliveries.get(1).fate()).isInstanceOf(Fate.Cancelled.class);
    fake.deliveries.get(0).end(CONFIRMED);
    ends.assertEmpty();
  }

  @Test
  void aSubscriberThatDoesNotAskHoldsTheSourceUpAtAWindow() {
    fake.endAtOnceWith(CONFIRMED);
    TestSubscriber<Ended> ends = connection.sendAll(numbers, SendOptions.DEFAULT, 4).test(0);

    assertThat(asked).hasValue(4);
    ends.assertEmpty();
    ends.request(2);
    ends.assertValuesOnly(confirmed(1), confirmed(2));
    assertThat(asked).hasValue(6);
  }

  @Test
  void endsAtOnceAddNoStack() {
    fake.endAtOnceWith(REJECTED);
    AtomicInteger deepest = new AtomicInteger();

    connection
        .sendAll(numbers.take(20_000), SendOptions.DEFAULT, 2)
        .doOnNext(
            end -> deepest.accumulateAndGet(new Throwable().getStackTrace().length, Math::max))
        .count()
        .test()
        .assertResult(20_000L);

    assertThat(deepest).hasValueLessThan(150);
  }

  @Test
  void itIsColdAndPassesOptionsOn() {
    SendOptions written = SendOptions.DEFAULT.withAssurance(Assurance.WRITTEN);
    Flowable<Ended> send = connection.sendAll(numbers.take(1), written, 8);
    assertThat(fake.deliveries).isEmpty();

    send.test().assertEmpty();
    send.test().assertEmpty();

    assertThat(fake.deliveries).extracting(FakeDelivery::options).containsExactly(written, written);
  }

  @Test
  void theDefaultWindowIs1024() {
    connection.sendAll(numbers).test().assertEmpty();

    assertThat(fake.deliveries).hasSize(1024);
  }

  @Test
  void aWindowIsPositive() {
    assertThatThrownBy(() -> connection.sendAll(numbers, SendOptions.DEFAULT, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("window must be positive but was 0");
  }

  private static Message message(long number) {
    return Message.text(Long.toString(number));
  }

  private static Ended confirmed(long number) {
    return new Ended(message(number), CONFIRMED);
  }
}
