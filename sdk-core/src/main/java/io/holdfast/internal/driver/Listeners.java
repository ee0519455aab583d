package io.holdfast.internal.driver;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells states and events, one at a time and in order, on the callback thread. */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final Executor callbacks;

  // The callback thread owns the fields below: every task that touches them runs there.
  private final List<Told> listeners = new ArrayList<>();
  private ConnectionState lastTold = new Idle();

  Listeners(Executor callbacks) {
    this.callbacks = callbacks;
  }

  Registration add(ConnectionListener listener) {
    Told told = new Told(listener);
    callbacks.execute(
        () -> {
          listeners.add(told);
          told.tell(each -> each.onState(lastTold));
        });
    return told;
  }

  void publish(ConnectionState state) {
    callbacks.execute(
        () -> {
          lastTold = state;
          for (Told each : listeners) each.tell(listener -> listener.onState(state));
        });
  }

  void publish(ConnectionEvent event) {
    callbacks.execute(() -> tell(event));
  }

  /** Does as {@link #publish(ConnectionEvent)}, for whoever is on the callback thread. */
  void tell(ConnectionEvent event) {
    // A message that is refused afterwards: nothing follows that state.
    if (lastTold instanceof Closed) return;
    for (Told each : listeners) each.tell(listener -> listener.onEvent(event));
  }

  private final class Told implements Registration {
    private final ConnectionListener listener;
    private volatile boolean closed;

    private Told(ConnectionListener listener) {
      this.listener = listener;
    }

    private void tell(Consumer<ConnectionListener> call) {
      if (closed) return;
      try {
        call.accept(listener);
      } catch (Throwable e) {
        // Kotlin throws checked exceptions where Java may not.
        log.error("A connection listener threw", e);
      }
    }

    @Override
    public void close() {
      if (closed) return;
      closed = true;
      callbacks.execute(() -> listeners.remove(this));
    }
  }
}
