package io.holdfast.rx;

import static io.holdfast.rx.States.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.Message;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionMessagesTest {
  private static final int WINDOW = MessageMulticast.WINDOW;

  private final FakeConnection fake = new FakeConnection();
  private final FakeInbound inbound = fake.inbound;
  private final RxConnection connection = RxConnection.of(fake);

  @AfterEach
  void theCoreWasAskedByTheRules() {
    inbound.check();
    assertThat(inbound.mostOutstanding()).isLessThanOrEqualTo(WINDOW);
  }

  @Test
  void withoutASubscriberMessagesAreReadAndDropped() {
    inbound.read(numbers(1, 1000));

    assertThat(inbound.unread()).isZero();
    TestSubscriber<String> late = subscribe(Long.MAX_VALUE);
    inbound.read("1001");
    late.assertValuesOnly("1001");
  }

  @Test
  void everySubscriberGetsEveryMessageThatComesAfterItSubscribed() {
    TestSubscriber<String> early = subscribe(Long.MAX_VALUE);
    inbound.read("1", "2");
    TestSubscriber<String> late = subscribe(Long.MAX_VALUE);
    inbound.read("3");

    early.assertValuesOnly("1", "2", "3");
    late.assertValuesOnly("3");
  }

  @Test
  void unboundedDemandOfAllIsNeverHeldUp() {
    TestSubscriber<String> first = subscribe(Long.MAX_VALUE);
    TestSubscriber<String> second = subscribe(Long.MAX_VALUE);

    inbound.read(numbers(1, 1000));

    assertThat(inbound.unread()).isZero();
    first.assertValueSequence(List.of(numbers(1, 1000)));
    second.assertValueSequence(List.of(numbers(1, 1000)));
    assertThat(inbound.outstanding()).isPositive();
  }

  @Test
  void theSlowestSubscriberDecidesForAll() {
    TestSubscriber<String> slow = subscribe(2);
    TestSubscriber<String> fast = subscribe(Long.MAX_VALUE);

    inbound.read(numbers(1, 10));

    slow.assertValuesOnly("1", "2");
    fast.assertValuesOnly("1", "2");
    assertThat(inbound.unread()).isEqualTo(8);
    slow.request(3);
    slow.assertValuesOnly("1", "2", "3", "4", "5");
    fast.assertValuesOnly("1", "2", "3", "4", "5");
  }

  @Test
  void aSubscriberThatJoinsWithoutDemandParksOnlyWhatWasOutstanding() {
    TestSubscriber<String> fast = subscribe(Long.MAX_VALUE);
    TestSubscriber<String> idle = subscribe(0);
    long outstanding = inbound.outstanding();

    inbound.read(numbers(1, 100));

    fast.assertValueCount((int) outstanding);
    idle.assertEmpty();
    idle.request(Long.MAX_VALUE);
    idle.assertValueSequence(List.of(numbers(1, 100)));
    fast.assertValueSequence(List.of(numbers(1, 100)));
  }

  @Test
  void theFirstToJoinParksNoMoreThanOneMessage() {
    TestSubscriber<String> idle = subscribe(0);

    inbound.read("1", "2", "3");

    assertThat(inbound.unread()).isEqualTo(2);
    idle.request(1);
    idle.assertValuesOnly("1");
    idle.request(1);
    idle.assertValuesOnly("1", "2");
    assertThat(inbound.unread()).isEqualTo(1);
  }

  @Test
  void cancellingASlowSubscriberReleasesTheOthers() {
    TestSubscriber<String> slow = subscribe(0);
    TestSubscriber<String> fast = subscribe(Long.MAX_VALUE);
    inbound.read(numbers(1, 100));

    slow.cancel();

    slow.assertEmpty();
    fast.assertValueSequence(List.of(numbers(1, 100)));
  }

  @Test
  void whoCancelsInsideOnSubscribeHoldsNobodyUp() {
    TestSubscriber<Message> cancelled = connection.messages().test(0, true);
    TestSubscriber<String> fast = subscribe(Long.MAX_VALUE);

    inbound.read(numbers(1, 100));

    cancelled.assertEmpty();
    fast.assertValueCount(100);
  }

  @Test
  void onceTheLastSubscriberHasLeftMessagesAreDroppedAgain() {
    TestSubscriber<String> only = subscribe(1);
    inbound.read(numbers(1, 10));

    only.cancel();

    only.assertValuesOnly("1");
    assertThat(inbound.unread()).isZero();
  }

  @Test
  void cancellingInsideOnNextIsTheLastThatASubscriberHears() {
    TestSubscriber<String> two = connection.messages().map(this::text).take(2).test();
    TestSubscriber<String> all = subscribe(Long.MAX_VALUE);

    inbound.read(numbers(1, 3));

    two.assertResult("1", "2");
    all.assertValuesOnly("1", "2", "3");
  }

  @Test
  void aSubscriberThatCancelsAnotherInsideOnNextSparesItTheMessage() {
    TestSubscriber<String> second = new TestSubscriber<>();
    TestSubscriber<String> first =
        connection.messages().map(this::text).doOnNext(message -> second.cancel()).test();
    connection.messages().map(this::text).subscribe(second);

    inbound.read("1");

    first.assertValuesOnly("1");
    second.assertEmpty();
  }

  @Test
  void aSubscriberThatJoinsInsideOnNextGetsTheNextMessage() {
    TestSubscriber<String> joined = new TestSubscriber<>();
    TestSubscriber<Message> first =
        connection
            .messages()
            .take(1)
            .doOnNext(message -> connection.messages().map(this::text).subscribe(joined))
            .test();

    inbound.read("1", "2");

    first.assertValueCount(1);
    joined.assertValuesOnly("2");
  }

  @Test
  void requestsOneByOneInsideOnNextAddNoStack() {
    OneByOne oneByOne = new OneByOne();
    connection.messages().subscribe(oneByOne);

    inbound.read(numbers(1, 100_000));

    assertThat(oneByOne.taken).isEqualTo(100_000);
    assertThat(oneByOne.deepest).isLessThan(100);
  }

  @Test
  void parkedMessagesAreTakenOneByOneWithoutStackToo() {
    TestSubscriber<String> fast = subscribe(Long.MAX_VALUE);
    OneByOne oneByOne = new OneByOne();
    oneByOne.first = 0;
    connection.messages().subscribe(oneByOne);
    inbound.read(numbers(1, 10_000));

    oneByOne.subscription().request(1);

    assertThat(oneByOne.taken).isEqualTo(10_000);
    assertThat(oneByOne.deepest).isLessThan(100);
    fast.assertValueCount(10_000);
  }

  @Test
  void whileParkedMessagesAreBeingEmittedNoMoreThanAWindowIsParkedBehindThem() {
    // The subscriber's own thread emits what was parked, and is slow; the core's thread goes on.
    // Here
    // one thread plays both.
    TestSubscriber<String> slow = new TestSubscriber<>(0);
    connection
        .messages()
        .map(this::text)
        .doOnNext(
            text -> {
              if (text.equals("1")) {
                slow.request(1);
                inbound.read(numbers(2, 1000));
                assertThat(inbound.unread()).isEqualTo(999 - WINDOW);
              }
            })
        .subscribe(slow);
    inbound.read("1");
    slow.assertEmpty();

    slow.request(Long.MAX_VALUE);

    slow.assertValueSequence(List.of(numbers(1, 1000)));
  }

  @Test
  void aSubscriberThatThrowsLosesItsOwnSubscriptionOnly() {
    TestSubscriber<String> before = subscribe(Long.MAX_VALUE);
    Thrower<Message> thrower = new Thrower<>(2);
    connection.messages().subscribe(thrower);
    TestSubscriber<String> after = subscribe(Long.MAX_VALUE);

    inbound.read(numbers(1, 100));

    before.assertValueSequence(List.of(numbers(1, 100)));
    after.assertValueSequence(List.of(numbers(1, 100)));
    assertThat(thrower.taken()).isEqualTo(2);
    assertThat(inbound.logged()).hasSize(1).first().asString().contains("thrown at item 2");
  }

  @Test
  void messagesCompleteWhenTheCoreHasGivenTheLastAndNotWhenTheStateSaysClosed() {
    TestSubscriber<String> messages = subscribe(1);
    inbound.read("1", "2");

    fake.become(CLOSED);
    inbound.end();

    messages.assertValuesOnly("1");
    messages.request(1);
    messages.assertResult("1", "2");
  }

  @Test
  void completionDoesNotOvertakeAParkedMessage() {
    TestSubscriber<String> idle = subscribe(0);
    inbound.read("1");
    inbound.end();

    idle.assertEmpty();
    idle.request(1);
    idle.assertResult("1");
  }

  @Test
  void completionNeedsNoDemand() {
    TestSubscriber<String> idle = subscribe(0);

    inbound.end();

    idle.assertResult();
  }

  @Test
  void whoSubscribesAfterTheEndGetsCompletion() {
    inbound.end();

    subscribe(Long.MAX_VALUE).assertResult();
    subscribe(0).assertResult();
  }

  @Test
  void aConnectionThatWasClosedAlreadyHasNoMessages() {
    FakeConnection closed = new FakeConnection();
    closed.inbound.end();

    RxConnection.of(closed).messages().test().assertResult();

    closed.inbound.check();
  }

  @Test
  void aRequestThatIsNotPositiveEndsItsOwnSubscriptionWithAnError() {
    OneByOne rogue = new OneByOne();
    connection.messages().subscribe(rogue);
    TestSubscriber<String> other = subscribe(Long.MAX_VALUE);

    rogue.subscription().request(0);
    inbound.read("1");

    assertThat(rogue.errors)
        .singleElement()
        .asString()
        .endsWith("IllegalArgumentException: request must be positive but was 0");
    assertThat(rogue.taken).isZero();
    other.assertValuesOnly("1");
  }

  @Test
  void requestsAddUpToUnbounded() {
    TestSubscriber<String> messages = subscribe(Long.MAX_VALUE - 1);
    messages.request(Long.MAX_VALUE - 1);

    inbound.read(numbers(1, 100));

    messages.assertValueCount(100);
  }

  @Test
  void aConnectionHasOneRxConnection() {
    assertThatThrownBy(() -> RxConnection.of(fake)).isInstanceOf(IllegalStateException.class);
  }

  private TestSubscriber<String> subscribe(long initialRequest) {
    return connection.messages().map(this::text).test(initialRequest);
  }

  private String text(Message message) {
    return ((Message.Text) message).text();
  }

  private static String[] numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toArray(String[]::new);
  }

  /** Asks for one message when it has taken one, and watches the stack. */
  private static final class OneByOne implements FlowableSubscriber<Message> {
    private final List<Throwable> errors = new ArrayList<>();
    private Subscription[] subscription = {};
    private int first = 1;
    private int taken;
    private int deepest;

    Subscription subscription() {
      return subscription[0];
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      this.subscription = new Subscription[] {subscription};
      if (first > 0) subscription.request(first);
    }

    @Override
    public void onNext(Message message) {
      taken++;
      if (taken % 1000 == 0) deepest = Math.max(deepest, new Throwable().getStackTrace().length);
      subscription().request(1);
    }

    @Override
    public void onError(Throwable error) {
      errors.add(error);
    }

    @Override
    public void onComplete() {}
  }
}
