package io.holdfast.rx;

import static io.holdfast.rx.States.CLOSED;
import static io.holdfast.rx.States.CONNECTING;
import static io.holdfast.rx.States.IDLE;
import static io.holdfast.rx.States.OPEN;
import static io.holdfast.rx.States.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionStatesTest {
  private static final ConnectionEvent ENDED = new ConnectionEvent.OutageEnded(1);
  private static final ConnectionEvent STALLED = new ConnectionEvent.ConsumerStalled(1);

  private final FakeConnection fake = new FakeConnection();
  private final RxConnection connection = RxConnection.of(fake);

  @AfterEach
  void noListenerIsLeftOver() {
    fake.become(CLOSED);
    assertThat(fake.listeners()).isZero();
    fake.inbound.check();
  }

  @Test
  void theCurrentStateComesFirstThenEveryChangeAndCompletionAfterClosed() {
    fake.become(CONNECTING);
    TestSubscriber<ConnectionState> states = connection.states().test();

    fake.become(OPEN);
    fake.become(WAITING);
    fake.become(CLOSED);

    states.assertResult(CONNECTING, OPEN, WAITING, CLOSED);
  }

  @Test
  void eachSubscriberHasTheStateOfItsOwnMomentFirst() {
    TestSubscriber<ConnectionState> early = connection.states().test();
    fake.become(OPEN);
    TestSubscriber<ConnectionState> late = connection.states().test();
    fake.become(WAITING);

    early.assertValues(IDLE, OPEN, WAITING);
    late.assertValues(OPEN, WAITING);
  }

  @Test
  void whoSubscribesAfterClosedGetsClosedAndCompletion() {
    fake.become(CLOSED);

    connection.states().test().assertResult(CLOSED);
  }

  @Test
  void aSlowSubscriberGetsEveryStateWhenItAsks() {
    TestSubscriber<ConnectionState> slow = connection.states().test(0);
    fake.become(OPEN);
    fake.become(CLOSED);

    slow.assertEmpty();
    slow.request(2);
    slow.assertValues(IDLE, OPEN).assertNotComplete();
    slow.request(1);
    slow.assertResult(IDLE, OPEN, CLOSED);
  }

  @Test
  void nothingIsEmittedAfterDispose() {
    TestSubscriber<ConnectionState> states = connection.states().test();

    states.cancel();
    fake.become(OPEN);

    states.assertValuesOnly(IDLE);
    assertThat(fake.listeners()).isZero();
  }

  @Test
  void whoCancelsInsideOnNextIsNotListenedForAnyMore() {
    connection.states().take(1).test().assertResult(IDLE);

    assertThat(fake.listeners()).isZero();
  }

  @Test
  void whoCancelsInsideOnSubscribeGetsNothing() {
    TestSubscriber<ConnectionState> cancelled = connection.states().test(1, true);

    cancelled.assertEmpty();
    assertThat(fake.listeners()).isZero();
  }

  @Test
  void aSubscriberThatThrowsLosesItsOwnSubscriptionOnly() {
    connection.states().subscribe(new Thrower<>(2));
    TestSubscriber<ConnectionState> other = connection.states().test();

    fake.become(OPEN);

    assertThat(fake.listeners()).isEqualTo(1);
    assertThat(fake.logged).singleElement().asString().contains("thrown at item 2");
    other.assertValues(IDLE, OPEN);
  }

  @Test
  void eventsComeFromTheMomentOfSubscriptionAndCompleteAtClosed() {
    fake.happen(ENDED);
    TestSubscriber<ConnectionEvent> events = connection.events().test();

    fake.become(OPEN);
    fake.happen(STALLED);
    fake.become(CLOSED);

    events.assertResult(STALLED);
    connection.events().test().assertResult();
  }

  @Test
  void assemblyHooksSeeEachStream() {
    List<String> assembled = new ArrayList<>();
    RxJavaPlugins.setOnFlowableAssembly(
        stream -> {
          assembled.add(stream.getClass().getSimpleName());
          return stream;
        });

    List<Flowable<?>> streams =
        List.of(connection.states(), connection.events(), connection.messages());

    assertThat(streams).hasSize(3);
    assertThat(assembled).containsExactly("ListenerStream", "ListenerStream", "MessageMulticast");
  }

  @Test
  void theStateAndTheConnectionAreTheConnectionsOwn() {
    fake.become(OPEN);

    assertThat(connection.state()).isEqualTo(OPEN);
    assertThat(connection.connection()).isSameAs(fake);
  }
}
