package io.holdfast.rx;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.Registration;
import io.reactivex.rxjava3.core.Flowable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/**
 * What a connection tells its listeners, of one kind: states or events. Each subscriber is a
 * listener of its own, so the core's promise to a listener holds for a subscriber.
 */
final class ListenerStream<T> extends Flowable<T> {
  private final ManagedConnection connection;
  private final Class<T> kind;

  ListenerStream(ManagedConnection connection, Class<T> kind) {
    this.connection = connection;
    this.kind = kind;
  }

  @Override
  protected void subscribeActual(Subscriber<? super T> subscriber) {
    ListenerSubscription<T> subscription = new ListenerSubscription<>(subscriber, kind);
    subscriber.onSubscribe(subscription);
    if (!subscription.isOver()) subscription.listenTo(connection);
  }

  private static final class ListenerSubscription<T> extends StreamSubscription<T>
      implements ConnectionListener {
    private final Class<T> kind;
    private volatile @Nullable Registration registration;

    ListenerSubscription(Subscriber<? super T> subscriber, Class<T> kind) {
      super(subscriber);
      this.kind = kind;
    }

    void listenTo(ManagedConnection connection) {
      Registration added = connection.addListener(this);
      registration = added;
      // It may have ended before there was a registration to close.
      if (isOver()) added.close();
    }

    @Override
    public void onState(ConnectionState state) {
      tell(state);
      if (state instanceof ConnectionState.Closed) end();
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      tell(event);
    }

    private void tell(Object told) {
      if (kind.isInstance(told)) next(kind.cast(told));
    }

    @Override
    void released() {
      Registration added = registration;
      if (added != null) added.close();
    }
  }
}
