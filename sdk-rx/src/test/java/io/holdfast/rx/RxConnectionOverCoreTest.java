package io.holdfast.rx;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.fixtures.FakeNetwork;
import io.holdfast.fixtures.VirtualClock;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.observers.TestObserver;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The streams over the real core, in virtual time and over a fake network. */
@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionOverCoreTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private final ConnectionException reset = new ConnectionException.StreamBroken("reset", null);

  private final TestScheduler timeouts = new TestScheduler();
  private final VirtualClock clock = new VirtualClock();
  private final FakeNetwork network = new FakeNetwork();
  private final RxConnection connection =
      RxConnection.of(
          ManagedConnection.builder(URI.create("ws://localhost/feed"))
              .transport(network)
              .clock(clock)
              .ioExecutor(clock.executor())
              .random(new Random(1))
              .build());
  private final Requests<String> requests = connection.requests(message -> text(message));

  @BeforeEach
  void open() {
    RxJavaPlugins.setComputationSchedulerHandler(scheduler -> timeouts);
    connection.connection().open();
    clock.run();
    accept();
  }

  @AfterEach
  void nothingIsLeftOver() {
    connection.connection().close();
    clock.advance(Duration.ofDays(1));
    assertThat(clock.timers()).isZero();
  }

  @Test
  void eventsTellOfAttemptsPingsAndWhatWasNotDelivered() {
    TestSubscriber<ConnectionEvent> events = connection.events().test();
    network.newest().fail(reset);
    clock.advance(Duration.ofSeconds(10));
    network.newest().accept();
    clock.run();
    connection.connection().pauseSending();
    connection
        .send(Message.text("late"), SendOptions.DEFAULT.withTimeToLive(Duration.ofSeconds(1)))
        .subscribe();
    clock.advance(Duration.ofSeconds(1));

    assertThat(events.values())
        .contains(
            new ConnectionEvent.AttemptStarted(2, 2),
            new ConnectionEvent.PingSent(2, 2),
            new ConnectionEvent.NotDelivered(0, new Fate.Expired()));
    assertThat(connection.connection().metrics().deliveries().expired()).isEqualTo(1);
  }

  @Test
  void aRequestThatAnOutageMeetsIsSentAgainAndItsSecondAnswerIsADuplicate() {
    TestSubscriber<StrayAnswer<String>> strays = requests.strays().test();
    network.newest().answerPings(false);
    TestObserver<Message> request = requests.request("a", Message.text("a"), TIMEOUT).test();
    clock.run();
    assertThat(network.newest().texts()).containsExactly("a");

    reconnect();
    assertThat(network.newest().texts()).containsExactly("a");
    receive("a");
    receive("a");

    request.assertResult(Message.text("a"));
    strays.assertValuesOnly(new StrayAnswer.Duplicate<>("a", Message.text("a")));
  }

  @Test
  void aRequestThatMustNotBeSentTwiceEndsWithTheOutage() {
    network.newest().answerPings(false);
    TestObserver<Message> request =
        requests
            .request("a", Message.text("a"), TIMEOUT, SendOptions.DEFAULT.withAtMostOnce())
            .test();
    clock.run();

    reconnect();

    request.assertError(RequestException.Undelivered.class);
    request.assertError(error -> error.getCause() == reset);
  }

  @Test
  void closingEndsARequestThatWasDelivered() {
    TestObserver<Message> request = requests.request("a", Message.text("a"), TIMEOUT).test();
    clock.advance(Duration.ofSeconds(2));
    request.assertEmpty();

    connection.connection().close();
    clock.advance(Duration.ofSeconds(3));

    request.assertError(RequestException.ConnectionClosed.class);
    assertThat(connection.state()).isInstanceOf(ConnectionState.Closed.class);
  }

  @Test
  void aStreamOfSendsGetsAWindowThroughForEachConfirmation() {
    TestSubscriber<Ended> ends =
        connection
            .sendAll(
                Flowable.range(1, 1000).map(i -> Message.text("" + i)), SendOptions.DEFAULT, 10)
            .test();
    clock.advance(Duration.ofMillis(4_500));

    assertThat(ends.values()).hasSizeBetween(40, 60).allMatch(end -> end.fate().delivered());
    ends.cancel();
    clock.advance(Duration.ofSeconds(5));
    assertThat(ends.values()).hasSizeBetween(40, 60);
  }

  @Test
  void aStreamOfSendsKeepsItsOrderThroughAnOutage() {
    network.newest().answerPings(false);
    TestSubscriber<Ended> ends =
        connection.sendAll(Flowable.just("1", "2", "3").map(Message::text)).test();
    clock.run();

    reconnect();
    clock.advance(Duration.ofSeconds(3));

    assertThat(network.newest().texts()).containsExactly("1", "2", "3");
    assertThat(ends.values()).extracting(end -> text(end.message())).containsExactly("1", "2", "3");
    ends.assertComplete();
  }

  private void reconnect() {
    network.newest().fail(reset);
    clock.run();
    if (connection.state() instanceof ConnectionState.Waiting waiting) {
      clock.advance(waiting.delay());
    }
    accept();
  }

  private void accept() {
    network.newest().accept();
    clock.run();
  }

  private void receive(String text) {
    network.newest().receive(Message.text(text));
    clock.run();
  }

  private static String text(Message message) {
    return ((Message.Text) message).text();
  }
}
