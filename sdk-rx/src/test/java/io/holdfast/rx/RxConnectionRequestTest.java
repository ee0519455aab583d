package io.holdfast.rx;

import static io.holdfast.rx.States.OPEN;
import static io.holdfast.rx.States.WAITING;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.ConnectionException;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionRequestTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Message QUESTION = Message.text("question");
  private static final Message ANSWER = Message.text("answer");
  private static final Fate CONFIRMED = new Fate.Confirmed();

  private final TestScheduler time = new TestScheduler();
  private final FakeConnection fake = new FakeConnection();
  private final RxConnection connection = RxConnection.of(fake);

  @BeforeEach
  void timeIsVirtual() {
    RxJavaPlugins.setComputationSchedulerHandler(scheduler -> time);
  }

  @AfterEach
  void theCoreWasAskedByTheRules() {
    fake.inbound.check();
  }

  @Test
  void theFirstMessageThatMatchesIsTheAnswer() {
    TestObserver<Message> request = request().test();
    fake.deliveries.get(0).end(CONFIRMED);

    fake.inbound.read("other");
    request.assertEmpty();
    fake.inbound.read("answer", "answer");

    request.assertResult(ANSWER);
  }

  @Test
  void theAnswerStaysOneOfTheMessages() {
    TestSubscriber<Message> messages = connection.messages().test();
    TestObserver<Message> request = request().test();

    fake.inbound.read("answer");

    request.assertResult(ANSWER);
    messages.assertValuesOnly(ANSWER);
  }

  @Test
  void anAnswerMayOvertakeTheConfirmation() {
    TestObserver<Message> request = request().test();
    fake.deliveries.get(0).take();

    fake.inbound.read("answer");
    fake.deliveries.get(0).end(CONFIRMED);

    request.assertResult(ANSWER);
  }

  @Test
  void anAnsweredRequestThatWaitsToBeSentAgainIsTakenBack() {
    TestObserver<Message> request = request().test();

    fake.inbound.read("answer");

    request.assertResult(ANSWER);
    assertThat(fake.deliveries.get(0).fate()).isInstanceOf(Fate.Cancelled.class);
  }

  @Test
  void aLostTransportDoesNotEndIt() {
    fake.become(OPEN);
    TestObserver<Message> request = request().test();
    fake.become(WAITING);
    fake.become(OPEN);
    fake.deliveries.get(0).end(CONFIRMED);

    fake.inbound.read("answer");

    request.assertResult(ANSWER);
  }

  @Test
  void noAnswerInTimeIsAnErrorThatSaysHowFarTheRequestCame() {
    TestObserver<Message> queued = request().test();
    TestObserver<Message> confirmed = request().test();
    fake.deliveries.get(1).end(CONFIRMED);

    time.advanceTimeBy(4, SECONDS);
    queued.assertEmpty();
    time.advanceTimeBy(1, SECONDS);

    queued.assertError(RequestException.TimedOut.class);
    confirmed.assertError(
        error -> ((RequestException.TimedOut) error).fate() instanceof Fate.Confirmed);
    confirmed.assertError(
        error -> error.toString().endsWith("no answer within PT5S; the request was Confirmed[]"));
    assertThat(fake.deliveries.get(0).fate()).isInstanceOf(Fate.Cancelled.class);
  }

  @Test
  void anAnswerInTimeStopsTheTimeout() {
    TestObserver<Message> request = request().test();
    fake.inbound.read("answer");

    time.advanceTimeBy(10, SECONDS);

    request.assertResult(ANSWER);
  }

  @Test
  void aDeliveryThatFailsEndsItWithItsFate() {
    ConnectionException reset = new ConnectionException.StreamBroken("reset", null);
    Fate inDoubt = new Fate.InDoubt(Fate.InDoubt.Reason.RESEND_FORBIDDEN, reset);
    SendOptions once = SendOptions.DEFAULT.withAtMostOnce();
    TestObserver<Message> request =
        connection.request(QUESTION, ANSWER::equals, TIMEOUT, once).test();
    assertThat(fake.deliveries.get(0).options()).isEqualTo(once);

    fake.deliveries.get(0).end(inDoubt);

    request.assertError(error -> ((RequestException.Undelivered) error).fate().equals(inDoubt));
    request.assertError(error -> error.getCause() == reset);
    time.advanceTimeBy(10, SECONDS);
  }

  @Test
  void aRejectedRequestEndsAtOnce() {
    fake.endAtOnceWith(new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL));

    request().test().assertError(RequestException.Undelivered.class);
  }

  @Test
  void theEndOfTheMessagesEndsIt() {
    TestObserver<Message> request = request().test();
    fake.deliveries.get(0).end(CONFIRMED);

    fake.inbound.end();

    request.assertError(RequestException.ConnectionClosed.class);
    request().test().assertError(RequestException.ConnectionClosed.class);
    assertThat(fake.deliveries).hasSize(1);
  }

  @Test
  void whatTheMatcherThrowsEndsItsOwnRequestOnly() {
    TestObserver<Message> broken =
        connection
            .request(
                QUESTION,
                message -> {
                  throw new IllegalStateException("broken");
                },
                TIMEOUT)
            .test();
    TestObserver<Message> other = request().test();

    fake.inbound.read("answer");

    broken.assertError(IllegalStateException.class);
    other.assertResult(ANSWER);
    assertThat(fake.inbound.logged()).isEmpty();
  }

  @Test
  void disposingGivesItUp() {
    TestObserver<Message> request = request().test();

    request.dispose();
    fake.inbound.read("answer");
    time.advanceTimeBy(10, SECONDS);

    request.assertEmpty();
    assertThat(fake.deliveries.get(0).fate()).isInstanceOf(Fate.Cancelled.class);
  }

  @Test
  void whoDisposesBeforeSubscribingSendsNothing() {
    TestObserver<Message> disposed = new TestObserver<>();
    disposed.dispose();

    request().subscribe(disposed);

    assertThat(fake.deliveries).isEmpty();
  }

  @Test
  void eachSubscriptionSendsOnceMore() {
    Single<Message> request = request();
    assertThat(fake.deliveries).isEmpty();

    request.test().assertEmpty();
    request.test().assertEmpty();

    assertThat(fake.deliveries).hasSize(2);
  }

  @Test
  void whoWaitsForAnAnswerInsideMessagesTakesThemWithABuffer() {
    TestSubscriber<Message> answers =
        connection
            .messages(OnOverflow.dropOldest(100))
            .filter(message -> message.equals(QUESTION))
            .concatMapSingle(message -> request())
            .test();

    fake.inbound.read("question", "answer", "question", "answer");

    answers.assertValuesOnly(ANSWER, ANSWER);
  }

  @Test
  void aTimeoutIsPositive() {
    assertThatThrownBy(() -> connection.request(QUESTION, ANSWER::equals, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout must be positive but was PT0S");
    assertThatThrownBy(
            () -> connection.request(QUESTION, ANSWER::equals, Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void assemblyHooksSeeEachRequest() {
    List<Object> assembled = new ArrayList<>();
    RxJavaPlugins.setOnSingleAssembly(
        single -> {
          assembled.add(single);
          return single;
        });

    List<Single<Message>> requests =
        List.of(request(), connection.requests(Message::size).request(1, QUESTION, TIMEOUT));

    assertThat(assembled).containsAll(requests);
  }

  private Single<Message> request() {
    return connection.request(QUESTION, ANSWER::equals, TIMEOUT);
  }
}
