package io.holdfast.rx;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.reactivex.rxjava3.core.SingleEmitter;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request under way. Answer, timeout, failed delivery and disposal may come on four threads;
 * the first ends it, and whoever looks for its answer is told before the one who asked.
 */
final class Exchange {
  /** Hears that an exchange is over. */
  interface Seeker {
    /** Stops looking for the answer. Called once, with no lock held. */
    void over(boolean answered);
  }

  private final SingleEmitter<Message> asker;
  private final Seeker seeker;
  private final AtomicBoolean over = new AtomicBoolean();

  // Written once, by the thread that begins; another may end the exchange before that.
  private volatile @Nullable Disposable timer;
  private volatile @Nullable Delivery delivery;

  Exchange(SingleEmitter<Message> asker, Seeker seeker) {
    this.asker = asker;
    this.seeker = seeker;
  }

  void begin(ManagedConnection connection, Message message, Duration timeout, SendOptions options) {
    asker.setCancellable(() -> end(false));
    if (over.get()) return;
    timer =
        Schedulers.computation()
            .scheduleDirect(() -> timeOut(timeout), timeout.toNanos(), NANOSECONDS);
    Delivery sent = connection.send(message, options);
    delivery = sent;
    if (over.get()) stop();
    sent.whenEnded(this::delivered);
  }

  /** Ends with an answer, and returns whether it still waited for one. */
  boolean answer(Message answer) {
    if (!end(true)) return false;
    asker.onSuccess(answer);
    return true;
  }

  void fail(Throwable failure) {
    if (end(false)) asker.tryOnError(failure);
  }

  private void timeOut(Duration timeout) {
    Delivery sent = delivery;
    fail(new RequestException.TimedOut(timeout, sent == null ? null : sent.fate()));
  }

  private void delivered(Fate fate) {
    if (!fate.delivered()) fail(new RequestException.Undelivered(fate));
  }

  private boolean end(boolean answered) {
    if (!over.compareAndSet(false, true)) return false;
    stop();
    seeker.over(answered);
    return true;
  }

  // An answered request that waits to be sent again need not be; nor one that nobody waits for.
  private void stop() {
    Disposable running = timer;
    if (running != null) running.dispose();
    Delivery sent = delivery;
    if (sent != null) sent.cancel();
  }
}
