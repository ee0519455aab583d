package io.holdfast.rx;

import static io.holdfast.rx.OnOverflow.dropNewest;
import static io.holdfast.rx.OnOverflow.dropOldest;
import static io.holdfast.rx.OnOverflow.keepLatest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Message;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionOverflowTest {
  private final FakeConnection fake = new FakeConnection();
  private final FakeInbound inbound = fake.inbound;
  private final RxConnection connection = RxConnection.of(fake);

  @AfterEach
  void theCoreWasAskedByTheRules() {
    inbound.check();
    assertThat(inbound.mostOutstanding()).isLessThanOrEqualTo(MessageMulticast.WINDOW);
  }

  @Test
  void droppingTheOldestKeepsTheNewest() {
    TestSubscriber<String> slow = subscribe(dropOldest(3), 1);

    inbound.read(numbers(1, 100));

    slow.assertValuesOnly("1");
    slow.request(10);
    slow.assertValuesOnly("1", "98", "99", "100");
  }

  @Test
  void droppingTheNewestKeepsTheFirst() {
    TestSubscriber<String> slow = subscribe(dropNewest(3), 1);

    inbound.read(numbers(1, 100));

    slow.request(10);
    inbound.read("101");
    slow.assertValuesOnly("1", "2", "3", "4", "101");
  }

  @Test
  void keepingTheLatestKeepsOne() {
    TestSubscriber<String> slow = subscribe(keepLatest(), 0);

    inbound.read(numbers(1, 100));

    slow.assertEmpty();
    slow.request(2);
    slow.assertValuesOnly("100");
    inbound.read("101");
    slow.assertValuesOnly("100", "101");
  }

  @Test
  void oneThatDropsHoldsNobodyUpAndTheSlowestOfTheOthersStillDecides() {
    TestSubscriber<String> slow = connection.texts().test(2);
    TestSubscriber<String> dropping = subscribe(keepLatest(), 0);

    inbound.read(numbers(1, 10));

    slow.assertValuesOnly("1", "2");
    assertThat(inbound.unread()).isEqualTo(8);
    dropping.request(1);
    dropping.assertValuesOnly("2");
    slow.request(8);
    assertThat(inbound.unread()).isZero();
  }

  @Test
  void oneThatKeepsPaceLosesNothing() {
    TestSubscriber<String> fast = subscribe(keepLatest(), Long.MAX_VALUE);

    inbound.read(numbers(1, 1000));

    fast.assertValueSequence(List.of(numbers(1, 1000)));
  }

  @Test
  void completionComesAfterWhatTheBufferHolds() {
    TestSubscriber<String> slow = subscribe(dropOldest(2), 0);
    inbound.read("1", "2", "3");
    inbound.end();

    slow.assertEmpty();
    slow.request(2);
    slow.assertResult("2", "3");
    subscribe(keepLatest(), 0).assertResult();
  }

  @Test
  void nothingIsEmittedAfterDispose() {
    TestSubscriber<String> slow = subscribe(dropOldest(2), 0);
    inbound.read("1");

    slow.cancel();
    slow.request(5);
    inbound.read("2");

    slow.assertEmpty();
  }

  @Test
  void oneThatThrowsLosesItsOwnSubscriptionOnly() {
    Thrower<Message> thrower = new Thrower<>(2);
    connection.messages(keepLatest()).subscribe(thrower);
    TestSubscriber<String> other = subscribe(keepLatest(), Long.MAX_VALUE);

    inbound.read("1", "2", "3");

    other.assertValuesOnly("1", "2", "3");
    assertThat(thrower.taken()).isEqualTo(2);
    assertThat(inbound.logged()).hasSize(1);
  }

  @Test
  void requestsOneByOneInsideOnNextAddNoStack() {
    OneByOne oneByOne = new OneByOne();
    connection.messages(dropOldest(10_000)).subscribe(oneByOne);
    inbound.read(numbers(1, 10_000));

    oneByOne.subscription[0].request(1);

    assertThat(oneByOne.taken).isEqualTo(10_000);
    assertThat(oneByOne.deepest).isLessThan(150);
  }

  @Test
  void aCapacityIsPositive() {
    assertThatThrownBy(() -> dropOldest(0)).hasMessage("capacity must be positive but was 0");
    assertThatThrownBy(() -> dropNewest(-1)).hasMessage("capacity must be positive but was -1");
    assertThat(List.of(keepLatest(), dropNewest(7)))
        .asString()
        .isEqualTo("[dropOldest(1), dropNewest(7)]");
  }

  private TestSubscriber<String> subscribe(OnOverflow onOverflow, long initialRequest) {
    return connection
        .messages(onOverflow)
        .map(message -> ((Message.Text) message).text())
        .test(initialRequest);
  }

  private static String[] numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toArray(String[]::new);
  }

  private static final class OneByOne implements FlowableSubscriber<Message> {
    private final Subscription[] subscription = new Subscription[1];
    private int taken;
    private int deepest;

    @Override
    public void onSubscribe(Subscription subscription) {
      this.subscription[0] = subscription;
    }

    @Override
    public void onNext(Message message) {
      taken++;
      if (taken % 1000 == 0) deepest = Math.max(deepest, new Throwable().getStackTrace().length);
      subscription[0].request(1);
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onComplete() {}
  }
}
