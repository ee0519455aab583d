package io.holdfast.rx;

import io.holdfast.Message;
import io.reactivex.rxjava3.core.SingleEmitter;
import io.reactivex.rxjava3.exceptions.Exceptions;
import io.reactivex.rxjava3.functions.Predicate;
import io.reactivex.rxjava3.subscribers.DisposableSubscriber;

/** Tries each inbound message until one answers its request. */
final class MatchingSeeker extends DisposableSubscriber<Message> implements Exchange.Seeker {
  private final Predicate<? super Message> matcher;
  private final Exchange exchange;

  MatchingSeeker(SingleEmitter<Message> asker, Predicate<? super Message> matcher) {
    this.matcher = matcher;
    this.exchange = new Exchange(asker, this);
  }

  Exchange exchange() {
    return exchange;
  }

  @Override
  public void onNext(Message message) {
    boolean matches;
    try {
      matches = matcher.test(message);
    } catch (Throwable thrown) {
      Exceptions.throwIfFatal(thrown);
      exchange.fail(thrown);
      return;
    }
    if (matches) exchange.answer(message);
  }

  @Override
  public void onError(Throwable error) {
    exchange.fail(error);
  }

  @Override
  public void onComplete() {
    exchange.fail(new RequestException.ConnectionClosed());
  }

  @Override
  public void over(boolean answered) {
    dispose();
  }
}
