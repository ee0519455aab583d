package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.Delivery;
import io.holdfast.Fate;
import io.holdfast.Message;
import io.holdfast.SendOptions;
import io.holdfast.internal.outbox.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the app holds of a message in the outbox. */
class QueuedDelivery extends Entry implements Delivery {
  private static final Logger log = LoggerFactory.getLogger(QueuedDelivery.class);
  // One object a message is enough: an updater instead of an AtomicReference.
  private static final AtomicReferenceFieldUpdater<QueuedDelivery, @Nullable Node> LISTENERS =
      AtomicReferenceFieldUpdater.newUpdater(QueuedDelivery.class, Node.class, "listeners");
  private static final Node TOLD = new Node(fate -> {}, null);

  private final OutboxRunner outbox;
  // Newest first; TOLD once the fate has been told to all that were there.
  private volatile @Nullable Node listeners;

  QueuedDelivery(Message message, SendOptions options, OutboxRunner outbox) {
    super(message, options);
    this.outbox = outbox;
  }

  private static final class Node {
    final Consumer<? super Fate> listener;
    final @Nullable Node next;

    Node(Consumer<? super Fate> listener, @Nullable Node next) {
      this.listener = listener;
      this.next = next;
    }
  }

  @Override
  public long id() {
    return 0;
  }

  @Override
  public boolean accepted() {
    return !(fate() instanceof Fate.Rejected);
  }

  @Override
  public void whenAccepted(Runnable listener) {
    requireNonNull(listener, "listener");
    if (accepted()) outbox.callback(listener);
  }

  @Override
  protected void ended() {
    outbox.ended(requireNonNull(fate()));
  }

  @Override
  public final boolean cancel() {
    return outbox.cancel(this);
  }

  @Override
  public final void whenEnded(Consumer<? super Fate> listener) {
    requireNonNull(listener, "listener");
    Node known = listeners;
    while (known != TOLD) {
      if (LISTENERS.compareAndSet(this, known, new Node(listener, known))) return;
      known = listeners;
    }
    outbox.callback(() -> tell(listener));
  }

  @Override
  public final CompletableFuture<Fate> toFuture() {
    CompletableFuture<Fate> future = new CompletableFuture<>();
    whenEnded(future::complete);
    return future;
  }

  /** Tells the fate to all listeners; on the callback thread. */
  void tell() {
    Node inOrder = null;
    for (Node node = LISTENERS.getAndSet(this, TOLD); node != null; node = node.next) {
      inOrder = new Node(node.listener, inOrder);
    }
    for (; inOrder != null; inOrder = inOrder.next) tell(inOrder.listener);
  }

  private void tell(Consumer<? super Fate> listener) {
    try {
      listener.accept(requireNonNull(fate()));
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not.
      log.error("A delivery's listener threw", e);
    }
  }
}
