package io.holdfast.rx;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.QueueSnapshot;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.annotations.BackpressureKind;
import io.reactivex.rxjava3.annotations.BackpressureSupport;
import io.reactivex.rxjava3.annotations.CheckReturnValue;
import io.reactivex.rxjava3.annotations.SchedulerSupport;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.functions.Predicate;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;

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
 * <p>Only a request's timeout and the interval of {@link #queue(Duration)} use a scheduler, {@code
 * computation}. All else that is emitted comes on the connection's callback threads, one for
 * messages and one for all else ({@link ManagedConnection.Builder#callbackExecutor}), or on the
 * thread that subscribes or requests, if there is something to emit right then; never on two at
 * once for one subscriber. Each method is safe from any thread and none blocks, so all may be
 * called and subscribed to on Android's main thread.
 */
public final class RxConnection {
  private static final int DEFAULT_WINDOW = 1024;

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

  /** Returns the outbox's numbers now. */
  public QueueSnapshot queue() {
    return connection.queue();
  }

  /**
   * Returns the outbox's numbers as a stream: now, and then at each {@code interval} at which they
   * have changed, as the age of its oldest message always has; for a display. It samples, so what
   * comes and goes between two looks is not seen.
   *
   * <p>Completes at {@link ConnectionState.Closed}, with the numbers of that moment last. Never
   * errors. Scheduler: {@code computation}, for the interval. Backpressure: honoured; one that asks
   * late gets the numbers of when it asks.
   *
   * @throws IllegalArgumentException if {@code interval} is not positive
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.COMPUTATION)
  public Flowable<QueueSnapshot> queue(Duration interval) {
    Checks.positive("interval", interval);
    return Flowable.interval(0, interval.toNanos(), TimeUnit.NANOSECONDS)
        .onBackpressureLatest()
        .takeUntil(closed().toFlowable())
        .concatWith(Flowable.just(0L))
        .map(look -> connection.queue())
        .distinctUntilChanged();
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
   * Returns those of the connection's {@link #states} that are of one kind, such as each {@link
   * ConnectionState.Open}: the current one first if it is of that kind.
   *
   * <p>Completes at {@link ConnectionState.Closed}, after it if it is of that kind. Never errors.
   * Scheduler and backpressure are those of {@link #states}.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public <S extends ConnectionState> Flowable<S> state(Class<S> kind) {
    return RxJavaPlugins.onAssembly(new ListenerStream<>(connection, requireNonNull(kind, "kind")));
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
   * Returns the round-trip time of each ping that is answered, from the moment of subscription on,
   * across all transports: heartbeats, probes and pings that confirm messages.
   *
   * <p>Completes when the connection is {@link ConnectionState.Closed}; at once, for one who
   * subscribes later. Never errors. Scheduler and backpressure are those of {@link #events}.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<Duration> roundTripTimes() {
    return RxJavaPlugins.onAssembly(
            new ListenerStream<>(connection, ConnectionEvent.RoundTripMeasured.class))
        .map(ConnectionEvent.RoundTripMeasured::roundTrip);
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
   * says what to lose ({@link #messages(OnOverflow)}) or keeps all ({@code onBackpressureBuffer});
   * disposing releases them.
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
   * Returns the inbound messages, as {@link #messages()} does, for a subscriber that would rather
   * lose some than hold the others up. Each subscriber has a buffer of its own, and loses nothing
   * while it keeps pace.
   *
   * <p>Completes once the subscriber has taken what its buffer holds; never errors, except for a
   * request that is not positive. Scheduler: none, as in {@link #messages()}: a subscriber that
   * blocks, instead of not asking, holds up all; move it with {@code observeOn}. Backpressure:
   * honoured towards the subscriber, and never passed on to the socket.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<Message> messages(OnOverflow onOverflow) {
    return RxJavaPlugins.onAssembly(
        new DroppingMessages(messages, requireNonNull(onOverflow, "onOverflow")));
  }

  /**
   * Returns the text of the inbound text messages; binary ones are left out. All else is as in
   * {@link #messages()}; a binary message is taken without being asked for.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<String> texts() {
    return messages().ofType(Message.Text.class).map(Message.Text::text);
  }

  /**
   * Returns the inbound binary messages; text ones are left out. All else is as in {@link
   * #messages()}; a text message is taken without being asked for.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<Message.Binary> binaries() {
    return messages().ofType(Message.Binary.class);
  }

  /**
   * Returns what {@code decoder} makes of each inbound message. A message that it cannot read is a
   * {@link Decoded.Failure} in its place, and the stream goes on: what a peer sends must not end
   * it. That holds for a decoder that throws (a {@link StackOverflowError} of a recursive parser
   * included) or returns null; other errors of the virtual machine are not caught.
   *
   * <p>The decoder runs for each subscriber, on the callback thread for messages. All else is as in
   * {@link #messages()}.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public <T> Flowable<Decoded<T>> decoded(Function<? super Message, ? extends T> decoder) {
    requireNonNull(decoder, "decoder");
    return messages().map(message -> Decoding.decode(message, decoder));
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
   * Returns the deliveries that an earlier life left in the send queue, in order, with their ids,
   * options and metadata: {@link ManagedConnection#recovered}. They are sent whether anyone
   * subscribes or not. Each subscription gets the same list, empty if there is no send queue.
   *
   * <p>Errors with what {@code SendQueue.open} threw, if the queue could not be opened. Disposing
   * stops the waiting, and leaves the messages alone. Scheduler: none; ends on the connection's
   * callback thread, or on the thread that subscribes if the queue has been read already.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.NONE)
  public Single<List<Delivery>> recovered() {
    return Single.defer(() -> Single.fromCompletionStage(connection.recovered()))
        .onErrorResumeNext(failure -> Single.error(thrown(failure)));
  }

  // A future that depends on another wraps what that one failed with.
  private static Throwable thrown(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  /**
   * Returns a send of all messages of {@code source} with {@link SendOptions#DEFAULT} and a window
   * of 1,024, as {@link #sendAll(Publisher, SendOptions, int)} does. That many messages of 16 KiB
   * fill an outbox of the default 16 MiB; for larger ones choose a smaller window.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<Ended> sendAll(Publisher<? extends Message> source) {
    return sendAll(source, SendOptions.DEFAULT, DEFAULT_WINDOW);
  }

  /**
   * Returns a send of all messages of {@code source}, in its order, that asks it for no more than
   * deliveries end: at most {@code window} messages have been asked for and not yet been emitted
   * here with their fates. It is cold; each subscription subscribes to {@code source}.
   *
   * <p>Emits how each message's delivery ended, in the order of the source. A bad fate is a value,
   * as in {@link #send(Message, SendOptions)}: with a window that the outbox has no room for,
   * {@link Fate.Rejected}. Completes when the source has completed and all deliveries have ended.
   * If the source errors, what it gave before goes on, and that error comes after the last fate.
   * Disposing cancels the source, and takes back what is still queued ({@link Delivery#cancel});
   * what a transport has goes on.
   *
   * <p>The window limits throughput. With {@link io.holdfast.Assurance#CONFIRMED} messages end when
   * a ping after them is answered, and such pings come 1 s apart ({@link
   * ManagedConnection.Builder#barrierSpacing}) unless a quarter of the outbox waits for one: a
   * window of 1,024 then lets about 1,024 messages a second through. For more, take a window of
   * over a quarter of {@link ManagedConnection.Builder#maxQueuedMessages} (16,384 by default), or a
   * shorter spacing, or {@link io.holdfast.Assurance#WRITTEN}, which waits for no ping.
   *
   * <p>Scheduler: none; sends on the threads of the source, and on those that emit here for what
   * they ask the source for; emits on the connection's callback thread. Backpressure: honoured in
   * both directions; for a subscriber that does not ask, at most a window of fates is kept.
   *
   * @throws IllegalArgumentException if {@code window} is not positive
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<Ended> sendAll(
      Publisher<? extends Message> source, SendOptions options, int window) {
    requireNonNull(source, "source");
    requireNonNull(options, "options");
    Checks.positive("window", window);
    return Flowable.<Message>fromPublisher(source)
        .concatMapEagerDelayError(message -> end(message, options), true, window, 1);
  }

  private Flowable<Ended> end(Message message, SendOptions options) {
    return send(message, options).map(fate -> new Ended(message, fate)).toFlowable();
  }

  /**
   * Returns a request with {@link SendOptions#DEFAULT}, as {@link #request(Message, Predicate,
   * Duration, SendOptions)} does.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.COMPUTATION)
  public Single<Message> request(
      Message message, Predicate<? super Message> matcher, Duration timeout) {
    return request(message, matcher, timeout, SendOptions.DEFAULT);
  }

  /**
   * Returns a request: sends {@code message} when subscribed to, and succeeds with the first
   * inbound message after that which {@code matcher} accepts. It is cold; each subscription sends
   * once more.
   *
   * <p>Each inbound message is shown to the matcher of each request that waits, and may answer
   * several. For many at a time, and to tell late answers from duplicates, use {@link #requests}.
   *
   * <p>A lost transport does not end it: the message is sent again as its assurance says, so the
   * peer may see it twice. Errors with {@link RequestException.TimedOut} once {@code timeout} has
   * passed since the subscription, time in the queue included; with {@link
   * RequestException.Undelivered} if the message's fate is not {@link Fate#delivered}; with {@link
   * RequestException.ConnectionClosed} if the connection closed after delivery; and with what
   * {@code matcher} throws. Disposing gives it up. However it ends, the message is taken back if it
   * is still queued or waits to be sent again ({@link Delivery#cancel}).
   *
   * <p>The answer stays one of {@link #messages()}, and comes no faster than the slowest of their
   * subscribers takes them. So {@code messages().concatMap(m -> request(...))} waits for itself
   * until it times out; subscribe with {@link #messages(OnOverflow)} or buffer there.
   *
   * <p>Scheduler: sends on the thread that subscribes, which never blocks; succeeds on the
   * connection's callback thread for messages, where {@code matcher} runs; errors there, on its
   * other callback thread, or on {@code computation} if it times out.
   *
   * @throws IllegalArgumentException if {@code timeout} is not positive
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.COMPUTATION)
  public Single<Message> request(
      Message message, Predicate<? super Message> matcher, Duration timeout, SendOptions options) {
    requireNonNull(message, "message");
    requireNonNull(matcher, "matcher");
    requireNonNull(options, "options");
    Checks.positive("timeout", timeout);
    return Single.create(
        asker -> {
          if (asker.isDisposed()) return;
          MatchingSeeker seeker = new MatchingSeeker(asker, matcher);
          messages.subscribe(seeker);
          seeker.exchange().begin(connection, message, timeout, options);
        });
  }

  /**
   * Returns requests whose answers are found by key, of which thousands may wait. It reads the
   * messages from now on and until the connection is closed, so make one for each kind of key and
   * share it.
   *
   * @param keys finds in a message which request it answers
   */
  public <K> Requests<K> requests(AnswerKey<? extends K> keys) {
    return Requests.over(connection, messages, requireNonNull(keys, "keys"));
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
