package io.holdfast.android;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.QueueSnapshot;
import io.holdfast.Registration;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that notes the orders which it is given, by their names. */
final class ConnectionCalls {
  final ManagedConnection connection =
      (ManagedConnection)
          Proxy.newProxyInstance(
              ManagedConnection.class.getClassLoader(),
              new Class<?>[] {ManagedConnection.class},
              this::answer);

  private final List<String> orders = new ArrayList<>();
  private final List<ConnectionListener> listeners = new ArrayList<>();
  private QueueSnapshot queue = QueueSnapshot.EMPTY;

  /** What it was told since it was asked last. */
  List<String> orders() {
    List<String> told = List.copyOf(orders);
    orders.clear();
    return told;
  }

  void waiting(int queued, int inFlight) {
    queue = new QueueSnapshot(queued, inFlight, 5L * (queued + inFlight), Duration.ZERO);
  }

  void closed() {
    listeners.forEach(told -> told.onState(new ConnectionState.Closed(1000, "", true, null)));
  }

  private @Nullable Object answer(Object proxy, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "queue" -> queue;
      case "addListener" -> {
        listeners.add((ConnectionListener) requireNonNull(arguments)[0]);
        yield (Registration) () -> {};
      }
      default -> {
        orders.add(method.getName());
        yield null;
      }
    };
  }
}
