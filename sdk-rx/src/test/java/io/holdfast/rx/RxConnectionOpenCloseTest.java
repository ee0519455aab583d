package io.holdfast.rx;

import static io.holdfast.rx.States.CLOSED;
import static io.holdfast.rx.States.CONNECTING;
import static io.holdfast.rx.States.FAILED;
import static io.holdfast.rx.States.OPEN;
import static io.holdfast.rx.States.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectionException;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.observers.TestObserver;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoUndeliverableErrors.class)
class RxConnectionOpenCloseTest {
  private final FakeConnection fake = new FakeConnection();
  private final RxConnection connection = RxConnection.of(fake);

  @AfterEach
  void noListenerIsLeftOver() {
    assertThat(fake.listeners()).isZero();
  }

  @Test
  void openingOpensOnSubscriptionAndCompletesAtTheFirstOpen() {
    Completable open = connection.open();
    assertThat(fake.orders).isEmpty();

    TestObserver<Void> opened = open.test();
    fake.become(CONNECTING);
    fake.become(WAITING);

    assertThat(fake.orders).containsExactly("open");
    opened.assertEmpty();
    fake.become(OPEN);
    opened.assertResult();
  }

  @Test
  void openingCompletesAtOnceWhenOpen() {
    fake.become(OPEN);

    connection.open().test().assertResult();
  }

  @Test
  void openingSeesAnOpenThatComesBeforeTheOrderReturns() {
    fake.becomeWhenOpened(OPEN);

    connection.open().test().assertResult();
  }

  @Test
  void openingErrorsWithWhatEndedTheConnection() {
    TestObserver<Void> opened = connection.open().test();

    fake.become(FAILED);

    opened.assertFailure(ConnectionException.StreamBroken.class);
  }

  @Test
  void openingErrorsWhenTheAppCloses() {
    TestObserver<Void> opened = connection.open().test();

    fake.become(CLOSED);

    opened.assertFailure(IllegalStateException.class);
  }

  @Test
  void disposingAnOpeningLeavesTheConnectionAlone() {
    connection.open().test().dispose();

    assertThat(fake.orders).containsExactly("open");
  }

  @Test
  void closingClosesOnSubscriptionAndCompletesAtClosed() {
    Completable close = connection.close();
    assertThat(fake.orders).isEmpty();

    TestObserver<Void> closed = close.test();

    assertThat(fake.orders).containsExactly("close");
    closed.assertEmpty();
    fake.become(FAILED);
    closed.assertResult();
    close.test().assertResult();
  }

  @Test
  void closingPassesCodeAndReasonOn() {
    TestObserver<Void> closed = connection.close(3000, "bye").test();
    fake.become(CLOSED);

    closed.assertResult();
    assertThat(fake.orders).containsExactly("close 3000 bye");
  }

  @Test
  void closingWithACodeThatIsNotAllowedErrors() {
    connection.close(1005, "").test().assertFailure(IllegalArgumentException.class);

    assertThat(fake.orders).isEmpty();
  }

  @Test
  void drainingDrainsOnSubscriptionAndCompletesAtClosed() {
    Completable drain = connection.drain(Duration.ofSeconds(1));
    assertThat(fake.orders).isEmpty();

    TestObserver<Void> drained = drain.test();
    fake.become(OPEN);

    assertThat(fake.orders).containsExactly("drain PT1S");
    drained.assertEmpty();
    fake.become(CLOSED);
    drained.assertResult();
  }

  @Test
  void drainingWithANegativeDeadlineErrors() {
    connection.drain(Duration.ofSeconds(-1)).test().assertFailure(IllegalArgumentException.class);
  }
}
