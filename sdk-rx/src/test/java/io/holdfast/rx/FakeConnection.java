package io.holdfast.rx;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.holdfast.QueueSnapshot;
import io.holdfast.Registration;
import io.holdfast.SendOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose states, events, messages and fates the test says. It calls back on the
 * caller's thread, as the core does with a direct executor, unless it is given an executor for
 * messages.
 */
final class FakeConnection implements ManagedConnection {
  /** What the connection was told to do. */
  final List<String> orders = new ArrayList<>();

  final List<FakeDelivery> deliveries = new ArrayList<>();

  /** What listeners threw. */
  final List<RuntimeException> logged = new ArrayList<>();

  final FakeInbound inbound;

  /** What {@link #queue} answers. */
  volatile Supplier<QueueSnapshot> queue = () -> QueueSnapshot.EMPTY;

  /** What an earlier life left; the test completes it. */
  final CompletableFuture<List<Delivery>> recovered = new CompletableFuture<>();

  private @Nullable Fate fateAtOnce;

  private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
  private volatile ConnectionState state = new ConnectionState.Idle();
  private @Nullable ConnectionState afterOpen;

  FakeConnection() {
    this(Runnable::run);
  }

  FakeConnection(Executor messageThread) {
    inbound = new FakeInbound(messageThread);
  }

  void become(ConnectionState next) {
    state = next;
    for (ConnectionListener listener : listeners) tell(() -> listener.onState(next));
  }

  void happen(ConnectionEvent event) {
    for (ConnectionListener listener : listeners) tell(() -> listener.onEvent(event));
  }

  /** Lets the next {@link #open} reach {@code state} before it returns. */
  void becomeWhenOpened(ConnectionState state) {
    afterOpen = state;
  }

  /** Lets each message from now on have {@code fate} before {@link #send} returns. */
  void endAtOnceWith(Fate fate) {
    fateAtOnce = fate;
  }

  int listeners() {
    return listeners.size();
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException thrown) {
      logged.add(thrown);
    }
  }

  @Override
  public void open() {
    orders.add("open");
    if (afterOpen != null) become(afterOpen);
  }

  @Override
  public FakeDelivery send(Message message, SendOptions options) {
    FakeDelivery delivery = new FakeDelivery(message, options);
    if (fateAtOnce == null) {
      deliveries.add(delivery);
    } else {
      delivery.end(fateAtOnce);
    }
    return delivery;
  }

  @Override
  public MessageDemand receive(MessageListener listener) {
    return inbound.receive(listener);
  }

  @Override
  public Registration addListener(ConnectionListener listener) {
    requireNonNull(listener);
    ConnectionState current = state;
    listeners.add(listener);
    tell(() -> listener.onState(current));
    return () -> listeners.remove(listener);
  }

  @Override
  public void probe() {
    orders.add("probe");
  }

  @Override
  public void reconnectNow() {
    orders.add("reconnectNow");
  }

  @Override
  public void enterBackground() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void enterForeground() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void suspend() {
    orders.add("suspend");
  }

  @Override
  public void resume() {
    orders.add("resume");
  }

  @Override
  public CompletableFuture<List<Delivery>> recovered() {
    return recovered.thenApply(deliveries -> deliveries);
  }

  @Override
  public void pauseSending() {
    orders.add("pauseSending");
  }

  @Override
  public void resumeSending() {
    orders.add("resumeSending");
  }

  @Override
  public boolean isSendingPaused() {
    return false;
  }

  @Override
  public int cancelQueued() {
    orders.add("cancelQueued");
    return 0;
  }

  @Override
  public void close() {
    orders.add("close");
  }

  @Override
  public void close(int code, String reason) {
    if (code != 1000 && code < 3000) throw new IllegalArgumentException("code was " + code);
    orders.add("close " + code + " " + reason);
  }

  @Override
  public void drain(Duration deadline) {
    if (deadline.isNegative()) throw new IllegalArgumentException("deadline was " + deadline);
    orders.add("drain " + deadline);
  }

  @Override
  public ConnectionState state() {
    return state;
  }

  @Override
  public URI url() {
    return URI.create("ws://fake");
  }

  @Override
  public long bufferedAmount() {
    return 0;
  }

  @Override
  public QueueSnapshot queue() {
    return queue.get();
  }
}
