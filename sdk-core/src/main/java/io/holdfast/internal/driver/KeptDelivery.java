package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the app holds of a message that a send queue keeps. */
final class KeptDelivery extends QueuedDelivery {
  private static final Logger log = LoggerFactory.getLogger(KeptDelivery.class);

  private final OutboxRunner outbox;
  private final OutboxStore store;
  // Written by the lane and by the queue's thread, with the same value.
  private volatile long id;
  private volatile boolean accepted;
  // The callback thread owns it.
  private @Nullable List<Runnable> listeners;

  KeptDelivery(Message message, SendOptions options, OutboxRunner outbox, OutboxStore store) {
    super(message, options, outbox);
    this.outbox = outbox;
    this.store = store;
  }

  /** The queue has given it its number. */
  void appended(long sequence) {
    id = sequence;
  }

  /** The queue has it for good. */
  void accepted(long sequence) {
    id = sequence;
    accepted = true;
  }

  @Override
  public long id() {
    return accepted ? id : 0;
  }

  /** Returns the queue's number for it; 0 if it was never given to the queue. */
  long sequence() {
    return id;
  }

  @Override
  public long stableId() {
    return id;
  }

  @Override
  public boolean accepted() {
    return accepted;
  }

  @Override
  public void whenAccepted(Runnable listener) {
    requireNonNull(listener, "listener");
    outbox.callback(() -> tellWhenAccepted(listener));
  }

  private void tellWhenAccepted(Runnable listener) {
    if (accepted) {
      tell(listener);
    } else if (fate() == null) {
      List<Runnable> waiting = listeners;
      if (waiting == null) listeners = waiting = new ArrayList<>(1);
      waiting.add(listener);
    }
  }

  // A fate may overtake the word that it is accepted.
  @Override
  void tell() {
    if (accepted) tellAccepted();
    super.tell();
    listeners = null;
  }

  /** On the callback thread. */
  void tellAccepted() {
    List<Runnable> waiting = listeners;
    listeners = null;
    if (waiting != null) waiting.forEach(KeptDelivery::tell);
  }

  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable e) {
      // Kotlin throws checked exceptions where Java may not.
      log.error("A delivery's listener threw", e);
    }
  }

  @Override
  protected void ended() {
    super.ended();
    store.ended(this);
  }

  @Override
  protected void taken() {
    store.taken(this);
  }
}
