package io.holdfast.sample.android;

import static java.util.Objects.requireNonNull;

import android.os.SystemClock;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.rx.RxConnection;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.subjects.BehaviorSubject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final Connector connector;
  private final LastAddress lastAddress;
  private final BehaviorSubject<Screen> screens = BehaviorSubject.createDefault(Screen.BLANK);
  private final BehaviorProcessor<RxConnection> connections = BehaviorProcessor.create();
  private final SerialDisposable following = new SerialDisposable();
  // The lines of messages that a closed connection left in its journal, by the deliveries' ids.
  private final Map<Long, Long> kept = new HashMap<>();
  private @Nullable URI keptFor;
  private @Nullable Delivery newest;
  private long lastId;

  Conversation(Connector connector, LastAddress lastAddress) {
    this.connector = connector;
    this.lastAddress = lastAddress;
  }

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

  /** The address that is connected to, or was when the last process died; null for none. */
  @Nullable URI address() {
    return lastAddress.get();
  }

  /** Opens a connection to {@code address}, unless one lives already; returns the one that does. */
  RxConnection connect(URI address) {
    RxConnection living = connections.getValue();
    if (living != null && !(living.state() instanceof ConnectionState.Closed)) return living;
    lastAddress.set(address);
    // Each address has a journal of its own, and ids of its own.
    if (!address.equals(keptFor)) kept.clear();
    keptFor = address;
    RxConnection connection = connector.connection(address);
    follow(connection);
    connection.connection().open();
    return connection;
  }

  // Before it is open: its messages are hot, and those that came before would be missed.
  private void follow(RxConnection connection) {
    update(screen -> screen.withRoundTrip(null));
    following.set(
        new CompositeDisposable(
            connection.states().subscribe(this::changed, error -> {}, lastAddress::forget),
            connection.roundTripTimes().subscribe(time -> update(s -> s.withRoundTrip(time))),
            connection.messages().subscribe(this::received),
            connection.recovered().subscribe(this::recovered, error -> {})));
    connections.onNext(connection);
  }

  private void changed(ConnectionState state) {
    update(screen -> screen.withState(state, SystemClock.elapsedRealtime()));
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
    newest = current().connection().send(message);
    showFate(id, newest);
  }

  /** Whether the newest message is in the journal, so that it outlives the process. */
  boolean newestIsSaved() {
    return newest != null && newest.accepted();
  }

  /** Shows what an earlier connection, or an earlier process, accepted and did not deliver. */
  private void recovered(List<Delivery> left) {
    for (Delivery delivery : left) {
      Long shown = kept.remove(delivery.id());
      if (shown != null) {
        update(screen -> screen.withFate(shown, null));
        showFate(shown, delivery);
      } else {
        long id = ++lastId;
        String text = ((Message.Text) delivery.message()).text();
        update(screen -> screen.withLine(Line.sent(id, text)));
        showFate(id, delivery);
      }
    }
  }

  private void showFate(long line, Delivery delivery) {
    delivery.whenEnded(
        fate -> {
          update(screen -> screen.withFate(line, fate));
          if (fate instanceof Fate.Kept) kept.put(delivery.id(), line);
        });
  }

  /** Ends a wait for the next attempt. */
  void reconnectNow() {
    current().connection().reconnectNow();
  }

  /** Closes the connection; its journal keeps what is not delivered by then. */
  void close() {
    current().connection().close();
  }

  private void received(Message message) {
    long id = ++lastId;
    update(screen -> screen.withLine(Line.received(id, message)));
  }

  private RxConnection current() {
    @Nullable RxConnection connection = connections.getValue();
    if (connection == null) throw new IllegalStateException("there must be a connection first");
    return connection;
  }

  private void update(UnaryOperator<Screen> change) {
    screens.onNext(change.apply(requireNonNull(screens.getValue())));
  }
}
