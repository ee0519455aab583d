package io.holdfast.rx;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A subscriber that breaks rule 2.13: it throws at its n-th item. */
final class Thrower<T> implements Subscriber<T> {
  private final int throwsAt;
  private int taken;

  Thrower(int throwsAt) {
    this.throwsAt = throwsAt;
  }

  int taken() {
    return taken;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(T item) {
    if (++taken == throwsAt) throw new IllegalStateException("thrown at item " + taken);
  }

  @Override
  public void onError(Throwable error) {
    throw new AssertionError(error);
  }

  @Override
  public void onComplete() {}
}
