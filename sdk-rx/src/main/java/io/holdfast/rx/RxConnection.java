package io.holdfast.rx;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.annotations.BackpressureKind;
import io.reactivex.rxjava3.annotations.BackpressureSupport;
import io.reactivex.rxjava3.annotations.CheckReturnValue;
import io.reactivex.rxjava3.annotations.SchedulerSupport;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.time.Duration;

/**
 * A {@link ManagedConnection} as RxJava streams.
 *
 * <pre>{@code
 * RxConnection connection =
 *     RxConnection.of(ManagedConnection.builder(URI.create("wss://example.com/feed")).build());
 * connection.messages().subscribe(message -> show(message));
 * connection.states().subscribe(state -> show(state));
 * connection.open().andThen(connection.send("hello")).subscribe(fate -> log(fate));
 * }</pre>
 *
 * <p>The streams outlive transports, as the connection does: a lost transport is a state, not an
 * error. States, events and messages never error; they complete once the connection is {@link
 * ConnectionState.Closed}, and that state says why.
 *
 * <p>Nothing here runs on a scheduler. What is emitted comes on the connection's callback threads,
 * one for messages and one for all else ({@link ManagedConnection.Builder#callbackExecutor}), or on
 * the thread that subscribes or requests, if there is something to emit right then; never on two at
 * once for one subscriber. Each method is safe from any thread and none blocks, so all may be
 * called and subscribed to on Android's main thread.
 */
public final class RxConnection {
  private final ManagedConnection connection;
  private final MessageMulticast messages;

  private RxConnection(ManagedConnection connection) {
    this.connection = connection;
    this.messages = MessageMulticast.receiverOf(connection);
  }

  /**
   * Returns {@code connection} as streams and becomes its receiver of messages, for good. Make one
   * for each connection, before {@link #open}, and share it.
   *
   * @throws IllegalStateException if the connection has a receiver already, such as another {@code
   *     RxConnection}
   */
  public static RxConnection of(ManagedConnection connection) {
    return new RxConnection(requireNonNull(connection, "connection"));
  }

  /** Returns the connection itself, for what has no stream. */
  public ManagedConnection connection() {
    return connection;
  }

  /** Returns the state now. */
  public ConnectionState state() {
    return connection.state();
  }

  /**
   * Returns the connection's states: for each subscriber the current one first, then every change
   * in order with none left out. Subscribing opens nothing, and disposing closes nothing.
   *
   * <p>Completes after {@link ConnectionState.Closed}; one who subscribes later gets that state and
   * completion. Never errors.
   *
   * <p>Scheduler: none; states come on the connection's callback thread. Backpressure: honoured;
   * what a slow subscriber has not asked for waits in a buffer of its own without a bound, for
   * states are few. A subscriber that throws loses its own subscription, no more.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<ConnectionState> states() {
    return RxJavaPlugins.onAssembly(new ListenerStream<>(connection, ConnectionState.class));
  }

  /**
   * Returns what happens to the connection, from the moment of subscription on, in order.
   *
   * <p>Completes when the connection is {@link ConnectionState.Closed}; at once, for one who
   * subscribes later. Never errors.
   *
   * <p>Scheduler: none; events come on the connection's callback thread. Backpressure: honoured,
   * with a buffer without a bound for each slow subscriber, as in {@link #states}; events are
   * counted by attempts and pings, not by messages.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<ConnectionEvent> events() {
    return RxJavaPlugins.onAssembly(new ListenerStream<>(connection, ConnectionEvent.class));
  }

  /**
   * Returns the inbound messages, across all transports and in order: hot, and shared by all
   * subscribers. Each gets every message that comes after it subscribed. While there is no
   * subscriber messages are read and dropped, as in a browser without {@code onmessage}, so
   * subscribe before {@link #open}.
   *
   * <p>Completes once the connection is {@link ConnectionState.Closed} and the subscriber has taken
   * every message that was read before; at once, for one who subscribes later. The state may be
   * told before that, for it comes on another thread. Never errors, except that a request that is
   * not positive ends the subscription with an {@link IllegalArgumentException} (Reactive Streams,
   * rule 3.9).
   *
   * <p>Backpressure: honoured, down to the socket. The slowest subscriber decides for all: what it
   * has not asked for is not read, and TCP slows the peer. Only messages that were under way when
   * it subscribed, at most 32, are kept for it until it asks. One that must not hold up the others
   * says what to lose ({@code onBackpressureDrop}, {@code onBackpressureLatest}) or to keep ({@code
   * onBackpressureBuffer}); disposing releases them.
   *
   * <p>Scheduler: none; messages come on the connection's callback thread for messages, to one
   * subscriber after the other, so one that blocks holds up all. One that computes for long moves
   * with {@code observeOn}. A subscriber that throws loses its own subscription, no more; the
   * others get the message and those after it. RxJava tells a lambda's {@code onError} what the
   * lambda threw; what another {@link org.reactivestreams.Subscriber} throws, against rule 2.13,
   * the connection logs.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<Message> messages() {
    return RxJavaPlugins.onAssembly(messages);
  }

  /**
   * Returns a send of {@code message} with {@link SendOptions#DEFAULT}, as {@link #send(Message,
   * SendOptions)} does.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Single<Fate> send(Message message) {
    return send(message, SendOptions.DEFAULT);
  }

  /**
   * Returns a send of a text message, as {@link #send(Message)} does.
   *
   * @throws IllegalArgumentException as {@link Message#text} says
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Single<Fate> send(String text) {
    return send(Message.text(text));
  }

  /**
   * Returns a send of {@code message}. It is cold: nothing is sent until it is subscribed to, and
   * each subscription sends once more. Messages leave in the order of subscriptions.
   *
   * <p>Its value is the message's fate, whichever it is: ask {@link Fate#delivered}. A bad fate is
   * no error, for {@code retry} after {@link Fate.InDoubt} could send a message twice. Never
   * errors, and waits as long as the message does: see {@link SendOptions#timeToLive}.
   *
   * <p>Disposing takes the message back if it is still queued ({@link Delivery#cancel}); one that a
   * transport has goes on. Scheduler: none; sends on the thread that subscribes, which never
   * blocks, and succeeds on the connection's callback thread.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Single<Fate> send(Message message, SendOptions options) {
    requireNonNull(message, "message");
    requireNonNull(options, "options");
    return Single.create(
        emitter -> {
          if (emitter.isDisposed()) return;
          Delivery delivery = connection.send(message, options);
          emitter.setCancellable(delivery::cancel);
          delivery.whenEnded(emitter::onSuccess);
        });
  }

  /**
   * Returns an opening: calls {@link ManagedConnection#open} when subscribed to, and completes at
   * the first {@link ConnectionState.Open}; at once, if the connection is open already.
   *
   * <p>Failed attempts are retried meanwhile, so it may take long. If {@link
   * ConnectionState.Closed} comes first it errors: with the {@link ConnectionException} that ended
   * the connection, or with an {@link IllegalStateException} if the app closed it. Disposing stops
   * the waiting, not the connection.
   *
   * <p>Scheduler: none; ends on the connection's callback thread.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Completable open() {
    Completable opened =
        states()
            .filter(state -> isOpen(state) || isClosed(state))
            .firstOrError()
            .flatMapCompletable(RxConnection::openOrError);
    return order(connection::open, opened);
  }

  /**
   * Returns a close: calls {@link ManagedConnection#close()} when subscribed to, and completes at
   * {@link ConnectionState.Closed}; at once, if the connection is closed already. Never errors.
   * Disposing stops the waiting, not the closing.
   *
   * <p>Scheduler: none; completes on the connection's callback thread.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Completable close() {
    return order(connection::close, closed());
  }

  /**
   * Returns a close as {@link #close()} does, with a code and reason for the peer. Errors with an
   * {@link IllegalArgumentException}, and closes nothing, if they are not what {@link
   * ManagedConnection#close(int, String)} allows.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Completable close(int code, String reason) {
    requireNonNull(reason, "reason");
    return order(() -> connection.close(code, reason), closed());
  }

  /**
   * Returns a drain: calls {@link ManagedConnection#drain} when subscribed to, and completes at
   * {@link ConnectionState.Closed}, when every accepted message has its fate or {@code deadline}
   * has passed. Errors with an {@link IllegalArgumentException} if {@code deadline} is negative.
   * Disposing stops the waiting, not the draining.
   *
   * <p>Scheduler: none; completes on the connection's callback thread.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Completable drain(Duration deadline) {
    requireNonNull(deadline, "deadline");
    return order(() -> connection.drain(deadline), closed());
  }

  // Listens first: a state that comes and goes in the meantime is not missed.
  private static Completable order(Runnable order, Completable outcome) {
    return Completable.mergeArray(outcome, Completable.fromAction(order::run));
  }

  private Completable closed() {
    return states().ignoreElements();
  }

  private static Completable openOrError(ConnectionState state) {
    if (!(state instanceof ConnectionState.Closed closed)) return Completable.complete();
    ConnectionException cause = closed.cause();
    return Completable.error(
        cause != null
            ? cause
            : new IllegalStateException(
                "connection must not be closed but was, by the app: " + closed));
  }

  private static boolean isOpen(ConnectionState state) {
    return state instanceof ConnectionState.Open;
  }

  private static boolean isClosed(ConnectionState state) {
    return state instanceof ConnectionState.Closed;
  }
}
