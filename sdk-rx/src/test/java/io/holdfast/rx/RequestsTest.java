package io.holdfast.rx;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import io.holdfast.Message;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoUndeliverableErrors.class)
class RequestsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Fate CONFIRMED = new Fate.Confirmed();

  private final TestScheduler time = new TestScheduler();
  private final FakeConnection fake = new FakeConnection();
  private final RxConnection connection = RxConnection.of(fake);
  private final Requests<Integer> requests = connection.requests(RequestsTest::keyOf);
  private final TestSubscriber<StrayAnswer<Integer>> strays = requests.strays().test();

  /** An answer is "key:content"; what has no colon is none. */
  private static @Nullable Integer keyOf(Message message) {
    String text = ((Message.Text) message).text();
    int colon = text.indexOf(':');
    return colon < 0 ? null : Integer.valueOf(text.substring(0, colon));
  }

  @BeforeEach
  void timeIsVirtual() {
    RxJavaPlugins.setComputationSchedulerHandler(scheduler -> time);
  }

  @AfterEach
  void theCoreWasAskedByTheRules() {
    fake.inbound.check();
  }

  @Test
  void eachAnswerFindsItsRequestInAnyOrder() {
    TestObserver<Message> one = request(1).test();
    TestObserver<Message> two = request(2).test();

    fake.inbound.read("2:b", "news", "1:a");

    one.assertResult(Message.text("1:a"));
    two.assertResult(Message.text("2:b"));
    assertThat(requests.waiting()).isZero();
    strays.assertEmpty();
  }

  @Test
  void thousandsWaitAndEachMessageIsLookedAtOnce() {
    List<Message> read = new ArrayList<>();
    Requests<Integer> many =
        connection.requests(
            message -> {
              read.add(message);
              return keyOf(message);
            });
    List<TestObserver<Message>> waiting = new ArrayList<>();
    for (int key = 0; key < 20_000; key++) {
      waiting.add(many.request(key, Message.text("?" + key), TIMEOUT).test());
    }

    for (int key = 19_999; key >= 0; key--) fake.inbound.read(key + ":");

    for (TestObserver<Message> observer : waiting) observer.assertValueCount(1).assertComplete();
    assertThat(read).hasSize(20_000);
  }

  @Test
  void aLateAnswerIsToldApartFromADuplicateAndFromAStrangersOne() {
    TestObserver<Message> late = request(1).test();
    time.advanceTimeBy(5, SECONDS);
    request(2).test().assertEmpty();

    fake.inbound.read("1:a", "2:b", "2:c", "3:d");

    late.assertError(RequestException.TimedOut.class);
    strays.assertValuesOnly(
        new StrayAnswer.Late<>(1, Message.text("1:a")),
        new StrayAnswer.Duplicate<>(2, Message.text("2:c")),
        new StrayAnswer.Unknown<>(3, Message.text("3:d")));
  }

  @Test
  void theAnswerToADisposedOrFailedRequestIsLate() {
    request(1).test().dispose();
    TestObserver<Message> failed = request(2).test();
    Fate.InDoubt inDoubt = new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_LIMIT, null);
    fake.deliveries.get(1).end(inDoubt);

    fake.inbound.read("1:a", "2:b");

    failed.assertError(error -> ((RequestException.Undelivered) error).fate().equals(inDoubt));
    strays.assertValuesOnly(
        new StrayAnswer.Late<>(1, Message.text("1:a")),
        new StrayAnswer.Late<>(2, Message.text("2:b")));
  }

  @Test
  void whatTheKeyFunctionThrowsIsThatMessagesOwn() {
    TestObserver<Message> one = request(1).test();

    fake.inbound.read("x:", "1:a");

    one.assertResult(Message.text("1:a"));
    strays.assertValueCount(1);
    assertThat(strays.values().get(0))
        .isInstanceOfSatisfying(
            StrayAnswer.Unreadable.class,
            unreadable -> assertThat(unreadable.cause()).isInstanceOf(NumberFormatException.class));
  }

  @Test
  void aKeyOfARequestThatWaitsIsRefusedAndNothingIsSent() {
    TestObserver<Message> first = request(1).test();

    request(1).test().assertError(error -> error.toString().endsWith("waits but was 1"));

    assertThat(fake.deliveries).hasSize(1);
    fake.inbound.read("1:a");
    first.assertResult(Message.text("1:a"));
  }

  @Test
  void aRetryMayUseTheKeyAgainAndALateAnswerEndsIt() {
    TestObserver<Message> request = request(1).retry(1).test();
    fake.deliveries.get(0).end(CONFIRMED);
    time.advanceTimeBy(5, SECONDS);
    assertThat(fake.deliveries).hasSize(2);

    fake.inbound.read("1:a");

    request.assertResult(Message.text("1:a"));
    strays.assertEmpty();
  }

  @Test
  void whoIsToldTheAnswerMayAskAgainWithTheKeyAtOnce() {
    TestObserver<Message> chain = request(1).flatMap(answer -> request(1)).test();

    fake.inbound.read("1:a");
    chain.assertEmpty();
    fake.inbound.read("1:b");

    chain.assertResult(Message.text("1:b"));
  }

  @Test
  void theEndOfTheMessagesEndsAllThatWaitAndRefusesOthers() {
    TestObserver<Message> one = request(1).test();
    TestObserver<Message> two = request(2).test();

    fake.inbound.end();

    one.assertError(RequestException.ConnectionClosed.class);
    two.assertError(RequestException.ConnectionClosed.class);
    request(3).test().assertError(RequestException.ConnectionClosed.class);
    assertThat(fake.deliveries).hasSize(2);
    assertThat(requests.waiting()).isZero();
    strays.assertResult();
    requests.strays().test().assertResult();
  }

  @Test
  void endedRequestsAreForgottenInTheEnd() {
    for (int key = 1; key <= 4097; key++) {
      TestObserver<Message> request = request(key).test();
      fake.inbound.read(key + ":");
      request.assertValueCount(1);
    }

    fake.inbound.read("1:", "2:");

    strays.assertValuesOnly(
        new StrayAnswer.Unknown<>(1, Message.text("1:")),
        new StrayAnswer.Duplicate<>(2, Message.text("2:")));
  }

  @Test
  void aSlowWatcherOfStraysHoldsNobodyUpAndKeepsTheNewest() {
    TestSubscriber<StrayAnswer<Integer>> slow = requests.strays().test(0);
    for (int key = 1; key <= 300; key++) fake.inbound.read(key + ":");

    strays.assertValueCount(300);
    slow.request(1);
    slow.assertValuesOnly(new StrayAnswer.Unknown<>(45, Message.text("45:")));
  }

  @Test
  void noStrayComesAfterDispose() {
    strays.cancel();

    fake.inbound.read("1:a");

    strays.assertEmpty();
  }

  private Single<Message> request(int key) {
    return requests.request(key, Message.text("?" + key), TIMEOUT);
  }
}
