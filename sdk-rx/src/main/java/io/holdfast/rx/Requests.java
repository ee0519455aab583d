package io.holdfast.rx;

import static java.util.Objects.requireNonNull;

import io.holdfast.Delivery;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.annotations.BackpressureKind;
import io.reactivex.rxjava3.annotations.BackpressureSupport;
import io.reactivex.rxjava3.annotations.CheckReturnValue;
import io.reactivex.rxjava3.annotations.SchedulerSupport;
import io.reactivex.rxjava3.core.BackpressureOverflowStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleEmitter;
import io.reactivex.rxjava3.exceptions.Exceptions;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.time.Duration;
import org.reactivestreams.Subscription;

/**
 * Requests that carry a key, and whose answers carry it back. However many wait, an inbound message
 * is looked up, not compared with each.
 *
 * <pre>{@code
 * Requests<Long> requests = connection.requests(message -> idOf(message));
 * requests
 *     .request(id, Message.text(json), Duration.ofSeconds(5))
 *     .subscribe(answer -> show(answer), failure -> log(failure));
 * }</pre>
 *
 * <p>Answers are found in the connection's inbound messages, of which they stay a part. So they
 * come no faster than the slowest subscriber of {@link RxConnection#messages()} takes messages: one
 * that itself waits for answers must not be that subscriber, and takes {@link
 * RxConnection#messages(OnOverflow)} or buffers. Safe from any thread.
 */
public final class Requests<K> {
  private static final int REMEMBERED = 4096;
  private static final int STRAYS_KEPT = 256;

  private final ManagedConnection connection;
  private final AnswerKey<? extends K> keys;
  private final AnswerBook<K> book = new AnswerBook<>(REMEMBERED);
  private final PublishProcessor<StrayAnswer<K>> strays = PublishProcessor.create();

  private Requests(ManagedConnection connection, AnswerKey<? extends K> keys) {
    this.connection = connection;
    this.keys = keys;
  }

  static <K> Requests<K> over(
      ManagedConnection connection, MessageMulticast messages, AnswerKey<? extends K> keys) {
    Requests<K> requests = new Requests<>(connection, keys);
    messages.subscribe(requests.new Answers());
    return requests;
  }

  /**
   * Returns a request with {@link SendOptions#DEFAULT}, as {@link #request(Object, Message,
   * Duration, SendOptions)} does.
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.COMPUTATION)
  public Single<Message> request(K key, Message message, Duration timeout) {
    return request(key, message, timeout, SendOptions.DEFAULT);
  }

  /**
   * Returns a request: sends {@code message} when subscribed to, and succeeds with the first
   * inbound message after that whose {@link AnswerKey} gives {@code key}. It is cold; each
   * subscription sends once more.
   *
   * <p>A lost transport does not end it: the message is sent again as its assurance says, so the
   * peer may see it twice, and a second answer is a {@link StrayAnswer.Duplicate}. Errors with:
   *
   * <ul>
   *   <li>{@link RequestException.TimedOut} once {@code timeout} has passed since the subscription,
   *       time in the queue included;
   *   <li>{@link RequestException.Undelivered} if the message's fate is not {@link
   *       io.holdfast.Fate#delivered}, full queue and closed connection included;
   *   <li>{@link RequestException.ConnectionClosed} if the connection closed after delivery;
   *   <li>{@link IllegalStateException}, and sends nothing, if a request with this key waits. Once
   *       that one has ended the key may be used again, which is how to retry; then an answer to
   *       either ends the later one.
   * </ul>
   *
   * <p>Disposing gives it up. However it ends, the message is taken back if it is still queued or
   * waits to be sent again ({@link Delivery#cancel}).
   *
   * <p>Scheduler: sends on the thread that subscribes, which never blocks; succeeds on the
   * connection's callback thread for messages; errors on its other callback thread, or on {@code
   * computation} if it times out.
   *
   * @throws IllegalArgumentException if {@code timeout} is not positive
   */
  @CheckReturnValue
  @SchedulerSupport(SchedulerSupport.COMPUTATION)
  public Single<Message> request(K key, Message message, Duration timeout, SendOptions options) {
    requireNonNull(key, "key");
    requireNonNull(message, "message");
    requireNonNull(options, "options");
    Checks.positive("timeout", timeout);
    return Single.create(
        asker -> {
          if (asker.isDisposed()) return;
          KeyedSeeker seeker = new KeyedSeeker(key, asker);
          RuntimeException refusal = book.enter(key, seeker.exchange);
          if (refusal == null) {
            seeker.exchange.begin(connection, message, timeout, options);
          } else {
            asker.tryOnError(refusal);
          }
        });
  }

  /**
   * Returns the inbound messages with a key that answer no request which still waits, from the
   * moment of subscription on: late, duplicate, unknown and unreadable ones. Of requests that have
   * ended the last 4,096 are remembered; older ones are unknown.
   *
   * <p>Completes when the connection's messages do; at once, for one who subscribes later. Never
   * errors. Scheduler: none; comes on the connection's callback thread for messages. Backpressure:
   * honoured; of what a slow subscriber has not asked for the newest 256 are kept, and nobody is
   * held up.
   */
  @CheckReturnValue
  @BackpressureSupport(BackpressureKind.FULL)
  @SchedulerSupport(SchedulerSupport.NONE)
  public Flowable<StrayAnswer<K>> strays() {
    return strays.onBackpressureBuffer(
        STRAYS_KEPT, () -> {}, BackpressureOverflowStrategy.DROP_OLDEST);
  }

  /** Returns how many requests wait for an answer now. */
  public int waiting() {
    return book.waiting();
  }

  private void route(Message message) {
    K key;
    try {
      key = keys.of(message);
    } catch (Exception | StackOverflowError thrown) {
      strays.onNext(new StrayAnswer.Unreadable<>(message, thrown));
      return;
    }
    if (key == null) return;
    Exchange exchange = book.waitingFor(key);
    if (exchange == null || !exchange.answer(message)) strays.onNext(book.stray(key, message));
  }

  private final class KeyedSeeker implements Exchange.Seeker {
    private final K key;
    private final Exchange exchange;

    private KeyedSeeker(K key, SingleEmitter<Message> asker) {
      this.key = key;
      this.exchange = new Exchange(asker, this);
    }

    @Override
    public void over(boolean answered) {
      book.ended(key, exchange, answered);
    }
  }

  private final class Answers implements FlowableSubscriber<Message> {
    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Message message) {
      contain(() -> route(message));
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onComplete() {
      for (Exchange exchange : book.close()) {
        contain(() -> exchange.fail(new RequestException.ConnectionClosed()));
      }
      contain(strays::onComplete);
    }

    // An observer that throws, against the rules, must not cost the other requests their answers.
    private void contain(Runnable call) {
      try {
        call.run();
      } catch (Throwable thrown) {
        Exceptions.throwIfFatal(thrown);
        RxJavaPlugins.onError(thrown);
      }
    }
  }
}
