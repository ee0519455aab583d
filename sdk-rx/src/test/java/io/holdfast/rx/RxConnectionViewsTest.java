package io.holdfast.rx;

import static io.holdfast.rx.States.CLOSED;
import static io.holdfast.rx.States.IDLE;
import static io.holdfast.rx.States.OPEN;
import static io.holdfast.rx.States.WAITING;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The streams that show states, events, messages and the queue in another way. */
@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionViewsTest {
  private static final Message BYTES = Message.binary(new byte[] {1, 2});
  private static final QueueSnapshot EMPTY = QueueSnapshot.EMPTY;
  private static final QueueSnapshot FULL = new QueueSnapshot(7, 1, 800, Duration.ofSeconds(2));

  private final TestScheduler time = new TestScheduler();
  private final FakeConnection fake = new FakeConnection();
  private final RxConnection connection = RxConnection.of(fake);

  @BeforeEach
  void timeIsVirtual() {
    RxJavaPlugins.setComputationSchedulerHandler(scheduler -> time);
  }

  @Test
  void statesOfOneKindStartWithTheCurrentOneIfItIsOfThatKind() {
    TestSubscriber<ConnectionState.Open> early =
        connection.state(ConnectionState.Open.class).test();
    fake.become(OPEN);
    TestSubscriber<ConnectionState.Open> late = connection.state(ConnectionState.Open.class).test();
    fake.become(WAITING);
    fake.become(OPEN);
    fake.become(CLOSED);

    early.assertResult((ConnectionState.Open) OPEN, (ConnectionState.Open) OPEN);
    late.assertResult((ConnectionState.Open) OPEN, (ConnectionState.Open) OPEN);
    assertThat(fake.listeners()).isZero();
  }

  @Test
  void closedIsAKindLikeAnother() {
    TestSubscriber<ConnectionState.Closed> closed =
        connection.state(ConnectionState.Closed.class).test();
    fake.become(CLOSED);

    closed.assertResult((ConnectionState.Closed) CLOSED);
    connection.state(ConnectionState.Idle.class).test().assertResult();
    assertThat(IDLE).isInstanceOf(ConnectionState.Idle.class);
  }

  @Test
  void roundTripTimesAreThoseOfAllTransports() {
    TestSubscriber<Duration> roundTrips = connection.roundTripTimes().test();

    fake.happen(new ConnectionEvent.RoundTripMeasured(1, Duration.ofMillis(20)));
    fake.happen(new ConnectionEvent.OutageEnded(1));
    fake.happen(new ConnectionEvent.RoundTripMeasured(2, Duration.ofMillis(30)));
    fake.become(CLOSED);

    roundTrips.assertResult(Duration.ofMillis(20), Duration.ofMillis(30));
  }

  @Test
  void textsAndBinariesAreToldApart() {
    TestSubscriber<String> texts = connection.texts().test();
    TestSubscriber<Message.Binary> binaries = connection.binaries().test();

    fake.inbound.read(Message.text("a"), BYTES, Message.text("b"));
    fake.inbound.end();

    texts.assertResult("a", "b");
    binaries.assertResult((Message.Binary) BYTES);
  }

  @Test
  void aViewTakesWhatItLeavesOutWithoutBeingAsked() {
    TestSubscriber<String> texts = connection.texts().test(1);

    fake.inbound.read(BYTES, BYTES, Message.text("a"), Message.text("b"));

    texts.assertValuesOnly("a");
    assertThat(fake.inbound.unread()).isEqualTo(1);
  }

  @Test
  void aMessageThatCannotBeDecodedIsAFailureInItsPlace() {
    TestSubscriber<Decoded<Integer>> numbers = connection.decoded(this::number).test();

    fake.inbound.read("1", "x", "3");
    fake.inbound.end();

    numbers.assertComplete();
    assertThat(numbers.values()).hasSize(3);
    assertThat(numbers.values().get(0)).isEqualTo(new Decoded.Success<>(Message.text("1"), 1));
    assertThat(numbers.values().get(1).message()).isEqualTo(Message.text("x"));
    assertThat(numbers.values().get(1))
        .isInstanceOfSatisfying(
            Decoded.Failure.class,
            failure -> assertThat(failure.cause()).isInstanceOf(NumberFormatException.class));
    assertThat(numbers.values().get(2).toOptional()).contains(3);
  }

  @Test
  void theValuesOfDecodedMessagesAreAStream() {
    TestSubscriber<Integer> numbers =
        connection.decoded(this::number).mapOptional(Decoded::toOptional).test(2);

    fake.inbound.read("1", "x", "3", "4");

    numbers.assertValuesOnly(1, 3);
  }

  @Test
  void aDecoderThatOverflowsTheStackFailsItsMessageOnly() {
    TestSubscriber<Decoded<Integer>> depths =
        connection
            .decoded(message -> message.size() > 1 ? endless(message) : message.size())
            .test();

    fake.inbound.read("((((((((", "1");

    assertThat(depths.values().get(0)).isInstanceOf(Decoded.Failure.class);
    assertThat(depths.values().get(1).toOptional()).contains(1);
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int endless(Message message) {
    return 1 + endless(message);
  }

  @Test
  void theQueueIsLookedAtNowAndToldWhenItHasChanged() {
    TestSubscriber<QueueSnapshot> queue = connection.queue(Duration.ofSeconds(1)).test();
    time.triggerActions();
    queue.assertValuesOnly(EMPTY);

    fake.queue = () -> FULL;
    queue.assertValuesOnly(EMPTY);
    time.advanceTimeBy(3, SECONDS);

    queue.assertValuesOnly(EMPTY, FULL);
    assertThat(connection.queue()).isEqualTo(FULL);
  }

  @Test
  void theQueuesLastNumbersComeAtClosed() {
    fake.queue = () -> FULL;
    TestSubscriber<QueueSnapshot> queue = connection.queue(Duration.ofSeconds(1)).test();
    time.triggerActions();

    fake.queue = () -> EMPTY;
    fake.become(CLOSED);

    queue.assertResult(FULL, EMPTY);
    assertThat(fake.listeners()).isZero();
  }

  @Test
  void whoAsksLateSeesTheQueueAsItIsThen() {
    TestSubscriber<QueueSnapshot> queue = connection.queue(Duration.ofSeconds(1)).test(0);
    time.advanceTimeBy(5, SECONDS);
    fake.queue = () -> FULL;

    queue.request(1);

    queue.assertValuesOnly(FULL);
    queue.cancel();
    assertThat(fake.listeners()).isZero();
  }

  @Test
  void anIntervalIsPositive() {
    assertThatThrownBy(() -> connection.queue(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interval must be positive but was PT0S");
  }

  @Test
  void assemblyHooksSeeEachStream() {
    List<Object> assembled = new ArrayList<>();
    RxJavaPlugins.setOnFlowableAssembly(
        stream -> {
          assembled.add(stream);
          return stream;
        });

    List<Flowable<?>> streams =
        List.of(
            connection.state(ConnectionState.Open.class),
            connection.roundTripTimes(),
            connection.messages(OnOverflow.keepLatest()),
            connection.texts(),
            connection.binaries(),
            connection.decoded(this::number),
            connection.queue(Duration.ofSeconds(1)),
            connection.sendAll(Flowable.empty()),
            connection.requests(Message::size).strays());

    assertThat(assembled).containsAll(streams);
  }

  @Test
  void whatAnAssemblyHookReturnsIsWhatTheAppGets() {
    Flowable<Object> other = Flowable.never();
    RxJavaPlugins.setOnFlowableAssembly(stream -> other);

    assertThat(connection.messages(OnOverflow.keepLatest())).isSameAs(other);
    assertThat(connection.state(ConnectionState.Open.class)).isSameAs(other);
  }

  private int number(Message message) {
    return Integer.parseInt(((Message.Text) message).text());
  }
}
