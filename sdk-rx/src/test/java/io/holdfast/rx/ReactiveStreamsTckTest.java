package io.holdfast.rx;

import static io.holdfast.rx.States.CLOSED;
import static io.holdfast.rx.States.OPEN;
import static io.holdfast.rx.States.WAITING;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionState;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every {@code Flowable} of {@link RxConnection} and {@link Requests} keeps the rules of Reactive
 * Streams. The streams are hot, so each subscription gets a connection of its own, to which things
 * happen once it is subscribed to.
 */
@ExtendWith(NoUndeliverableErrors.class)
@Timeout(60)
class ReactiveStreamsTckTest {
  // Of publishers that should emit 2^31 items the TCK takes a few.
  private static final int MOST = 2_000;

  private static final ConnectionEvent PONG =
      new ConnectionEvent.RoundTripMeasured(1, Duration.ofMillis(1));

  @TestFactory
  Stream<DynamicTest> states() {
    return Verification.of(
        count ->
            subscriber -> {
              FakeConnection fake = new FakeConnection();
              if (count <= 1) fake.become(CLOSED);
              RxConnection.of(fake).states().subscribe(subscriber);
              for (int i = 2; i < count && i < MOST; i++) fake.become(i % 2 == 0 ? OPEN : WAITING);
              if (count > 1 && count < MOST) fake.become(CLOSED);
            });
  }

  @TestFactory
  Stream<DynamicTest> statesOfOneKind() {
    return whileListening(
        connection -> connection.state(ConnectionState.Open.class), fake -> fake.become(OPEN));
  }

  @TestFactory
  Stream<DynamicTest> events() {
    return whileListening(RxConnection::events, fake -> fake.happen(PONG));
  }

  @TestFactory
  Stream<DynamicTest> roundTripTimes() {
    return whileListening(RxConnection::roundTripTimes, fake -> fake.happen(PONG));
  }

  @TestFactory
  Stream<DynamicTest> queue() {
    return Verification.of(
        count ->
            subscriber -> {
              FakeConnection fake = new FakeConnection();
              AtomicInteger looks = new AtomicInteger();
              fake.queue =
                  () -> {
                    if (looks.incrementAndGet() == count - 1) fake.become(CLOSED);
                    return new QueueSnapshot(looks.get(), 0, 0, Duration.ZERO);
                  };
              if (count <= 1) fake.become(CLOSED);
              RxConnection.of(fake).queue(Duration.ofMillis(1)).subscribe(subscriber);
            });
  }

  @TestFactory
  Stream<DynamicTest> messages() {
    return whileReading(RxConnection::messages);
  }

  @TestFactory
  Stream<DynamicTest> messagesThatDropTheOldest() {
    return whileReading(connection -> connection.messages(OnOverflow.dropOldest(MOST)));
  }

  @TestFactory
  Stream<DynamicTest> messagesThatDropTheNewest() {
    return whileReading(connection -> connection.messages(OnOverflow.dropNewest(MOST)));
  }

  @TestFactory
  Stream<DynamicTest> texts() {
    return whileReading(RxConnection::texts);
  }

  @TestFactory
  Stream<DynamicTest> binaries() {
    return whileReading(RxConnection::binaries, Message.binary(new byte[] {1}), MOST);
  }

  @TestFactory
  Stream<DynamicTest> decodedMessages() {
    return whileReading(connection -> connection.decoded(Message::size));
  }

  @TestFactory
  Stream<DynamicTest> strays() {
    return whileReading(
        connection -> connection.requests(Message::size).strays(), Message.text("?"), 200);
  }

  @TestFactory
  Stream<DynamicTest> endsOfSends() {
    RxConnection connection = sendingAtOnce();
    Flowable<Message.Text> source = Flowable.just(Message.text("?")).repeat();
    return Verification.of(
        count -> connection.sendAll(source.take(count), SendOptions.DEFAULT, 3),
        connection.sendAll(Flowable.error(new IllegalStateException("source"))));
  }

  private static RxConnection sendingAtOnce() {
    FakeConnection fake = new FakeConnection();
    fake.endAtOnceWith(new Fate.Confirmed());
    return RxConnection.of(fake);
  }

  private static <T> Stream<DynamicTest> whileListening(
      Function<RxConnection, Flowable<T>> stream, Consumer<FakeConnection> happening) {
    return Verification.of(
        count ->
            subscriber -> {
              FakeConnection fake = new FakeConnection();
              stream.apply(RxConnection.of(fake)).subscribe(subscriber);
              for (int i = 0; i < count && i < MOST; i++) happening.accept(fake);
              if (count < MOST) fake.become(CLOSED);
            });
  }

  private static <T> Stream<DynamicTest> whileReading(Function<RxConnection, Flowable<T>> stream) {
    return whileReading(stream, Message.text("?"), MOST);
  }

  private static <T> Stream<DynamicTest> whileReading(
      Function<RxConnection, Flowable<T>> stream, Message message, int most) {
    return Verification.of(
        count ->
            subscriber -> {
              FakeConnection fake = new FakeConnection();
              stream.apply(RxConnection.of(fake)).subscribe(subscriber);
              for (int i = 0; i < count && i < most; i++) fake.inbound.read(message);
              if (count < most) fake.inbound.end();
            });
  }
}
