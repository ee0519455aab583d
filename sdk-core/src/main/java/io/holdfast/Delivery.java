package io.holdfast;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The handle for one message given to {@link ManagedConnection#send}. Safe from any thread. */
public interface Delivery {

  /** Returns the message. */
  Message message();

  /** Returns how the message ended, or null while it is queued or in flight. */
  @Nullable Fate fate();

  /**
   * Takes the message back if it is still queued, or waits to be sent again. Never blocks.
   *
   * @return true if the message will not be written any more, and its fate is {@link
   *     Fate.Cancelled} (or {@link Fate.InDoubt}, if a lost transport had it); false if a transport
   *     has it, or it has ended
   */
  boolean cancel();

  /**
   * Calls {@code listener} once with the message's fate, on the connection's callback thread, in
   * the order in which deliveries ended; soon, if it has ended already. What {@code listener}
   * throws is logged.
   */
  void whenEnded(Consumer<? super Fate> listener);

  /**
   * Returns a future of the message's fate, completed on the connection's callback thread. It never
   * fails; cancelling the future leaves the message alone.
   */
  CompletableFuture<Fate> toFuture();
}
