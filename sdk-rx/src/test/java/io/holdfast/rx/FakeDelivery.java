package io.holdfast.rx;

import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A message whose fate the test says. */
final class FakeDelivery implements Delivery {
  private final Message message;
  private final SendOptions options;
  private final List<Consumer<? super Fate>> listeners = new ArrayList<>();
  private @Nullable Fate fate;
  private boolean taken;

  FakeDelivery(Message message, SendOptions options) {
    this.message = message;
    this.options = options;
  }

  @Override
  public SendOptions options() {
    return options;
  }

  @Override
  public long id() {
    return 0;
  }

  @Override
  public boolean accepted() {
    return !(fate instanceof Fate.Rejected);
  }

  @Override
  public void whenAccepted(Runnable listener) {
    listener.run();
  }

  /** A transport takes it, so that it cannot be cancelled any more. */
  void take() {
    taken = true;
  }

  void end(Fate end) {
    if (fate != null) throw new AssertionError("two fates: " + fate + " and " + end);
    fate = end;
    for (Consumer<? super Fate> listener : listeners) listener.accept(end);
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public @Nullable Fate fate() {
    return fate;
  }

  @Override
  public boolean cancel() {
    if (taken || fate != null) return false;
    end(new Fate.Cancelled(Fate.Cancelled.Reason.BY_APP));
    return true;
  }

  @Override
  public void whenEnded(Consumer<? super Fate> listener) {
    Fate known = fate;
    if (known == null) {
      listeners.add(listener);
    } else {
      listener.accept(known);
    }
  }

  @Override
  public CompletableFuture<Fate> toFuture() {
    throw new UnsupportedOperationException();
  }
}
