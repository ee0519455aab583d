package io.holdfast;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The handle for one message given to {@link ManagedConnection#send}. Safe from any thread. */
public interface Delivery {

  /** Returns the message. */
  Message message();

  /** Returns the options that it was sent with, or that were kept with it. */
  SendOptions options();

  /**
   * Returns the message's stable id: its number in the connection's {@link
   * io.holdfast.queue.SendQueue}, which grows with each message and outlives the process. 0 until
   * it is known, and always without such a queue.
   */
  long id();

  /**
   * Returns whether the message is accepted: at once, or, with a {@link
   * io.holdfast.queue.SendQueue}, as soon as it is there to stay.
   */
  boolean accepted();

  /**
   * Calls {@code listener} once, on the connection's callback thread, as soon as {@link #accepted}
   * is true; soon, if it is already; never, if the message ends before. What {@code listener}
   * throws is logged.
   */
  void whenAccepted(Runnable listener);

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
