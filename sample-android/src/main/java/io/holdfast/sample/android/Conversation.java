package io.holdfast.sample.android;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.rx.RxConnection;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.subjects.BehaviorSubject;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The app's connection as a screen shows it, and what a screen may ask of it. It lives as long as
 * the process, so an activity that is made anew finds all as it was.
 *
 * <p>For the main thread alone. The connection calls back there too, so nothing here needs a lock.
 */
final class Conversation {
  private static final Duration QUEUE_INTERVAL = Duration.ofMillis(250);
  private static final QueueSnapshot EMPTY_QUEUE = QueueSnapshot.EMPTY;

  private final BehaviorSubject<Screen> screens = BehaviorSubject.createDefault(Screen.BLANK);
  private final BehaviorProcessor<RxConnection> connections = BehaviorProcessor.create();
  private final SerialDisposable following = new SerialDisposable();
  private long lastId;

  /** The screen now, and after each change. */
  Observable<Screen> screens() {
    return screens.hide();
  }

  /**
   * The outbox's numbers now, and as they change; from the newest connection. It looks at them at
   * an interval, so subscribe only while somebody watches.
   */
  Flowable<QueueSnapshot> queue() {
    RxConnection connection = connections.getValue();
    return connections
        .switchMap(newest -> newest.queue(QUEUE_INTERVAL))
        .observeOn(MainThread.SCHEDULER)
        .startWithItem(connection == null ? EMPTY_QUEUE : connection.queue())
        .distinctUntilChanged();
  }

  /**
   * Goes on with {@code connection}, which is not open yet: its messages are hot, and those that
   * came before would be missed.
   */
  void follow(RxConnection connection) {
    update(screen -> screen.withRoundTrip(null));
    following.set(
        new CompositeDisposable(
            connection.states().subscribe(state -> update(screen -> screen.withState(state))),
            connection.roundTripTimes().subscribe(time -> update(s -> s.withRoundTrip(time))),
            connection.messages().subscribe(this::received)));
    connections.onNext(connection);
  }

  /**
   * Sends {@code text}, now or when there is a network again, and shows how that ends.
   *
   * @throws IllegalArgumentException as {@link Message#text} says
   */
  void send(String text) {
    Message message = Message.text(text);
    long id = ++lastId;
    update(screen -> screen.withLine(Line.sent(id, text)));
    current()
        .send(message)
        .doOnSuccess(fate -> update(screen -> screen.withFate(id, fate)))
        .subscribe();
  }

  /** Ends a wait for the next attempt. */
  void reconnectNow() {
    current().connection().reconnectNow();
  }

  /** Closes the connection; what is not delivered by then is told its fate. */
  void close() {
    current().connection().close();
  }

  private void received(Message message) {
    long id = ++lastId;
    update(screen -> screen.withLine(Line.received(id, message)));
  }

  private RxConnection current() {
    @Nullable RxConnection connection = connections.getValue();
    if (connection == null) throw new IllegalStateException("connection must be followed first");
    return connection;
  }

  private void update(UnaryOperator<Screen> change) {
    screens.onNext(change.apply(requireNonNull(screens.getValue())));
  }
}
