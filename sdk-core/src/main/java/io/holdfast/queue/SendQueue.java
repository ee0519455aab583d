package io.holdfast.queue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The store behind a connection's outbox: it keeps each accepted message, and the protocol's state,
 * until it is told that the message's fate is known. {@link JournalSendQueue} keeps them in a
 * directory, {@link MemorySendQueue} for as long as the process lives.
 *
 * <p><b>Life.</b> {@link #open} comes first and may block; nothing else does. After {@link #close}
 * has run its callback the queue may be opened again.
 *
 * <p><b>Order.</b> The calls of {@link #append}, {@link #saveState}, {@link #release}, {@link
 * #handing} and {@link #handed} take effect in the order in which they were made. What the next
 * life finds is what a prefix of the calls of append and saveState left, and that prefix holds all
 * that was told to be durable. A refused append leaves no trace. The others are hints, written
 * lazily: one made before an append that is later told durable is then durable as well; one that
 * was lost with the process costs a resend or some doubt, never a message.
 *
 * <p><b>Threads.</b> All methods but {@link #open} may be called from any thread, never block and
 * touch no disk on the caller's thread, unless the executor that the queue was given runs its tasks
 * there. Callbacks are run one at a time, in the order of the calls that they belong to, with no
 * lock of the queue held. They may call the queue. A queue in memory runs them before the call
 * returns, unless another thread is running some.
 */
public interface SendQueue {

  /**
   * Takes the exclusive lock and reads what the previous life left. Blocks for as long as that
   * takes; called once, before all other methods.
   *
   * @throws QueueInUseException if another queue, of this process or of another, has the same place
   * @throws IOException if the place cannot be read or written, or was written by a newer version
   * @throws IllegalStateException if this queue is open
   */
  Recovered open() throws IOException;

  /**
   * Keeps a message.
   *
   * @return its sequence, its stable id: higher than those of all messages before it, in this life
   *     and in earlier ones, that were ever told to be durable. It may have gaps
   * @throws IllegalStateException if this queue was never opened
   */
  long append(StoredMessage message, AppendCallback callback);

  /**
   * Says that a message's fate is known, so that no later life needs it. Written lazily: a message
   * whose release was lost is recovered again. A sequence that is not kept is ignored.
   */
  void release(long sequence);

  /**
   * Says that from now on messages may be handed to a transport, before the first one is. Without
   * this the queue could not tell, after a crash, which messages were never handed to one.
   *
   * @param ready told when that is on disk; or, with false, that it cannot be written: messages
   *     need not wait for a disk that is full, but after a crash right then {@link
   *     Recovered.Kept#mayHaveBeenHanded} may be false for one that was handed
   */
  void handing(HandingCallback ready);

  /**
   * Says that the transport is gone, and that no message after {@code upTo} was handed to it. Ends
   * what {@link #handing} began.
   *
   * @param upTo the highest sequence ever handed to any transport; 0 if none was
   */
  void handed(long upTo);

  /**
   * Replaces the protocol's state, which the next life finds as {@link Recovered#state}. It is on
   * disk as soon as any later append is told to be durable.
   *
   * @param state not changed by the caller afterwards; at most {@link StoredMessage#MAX_STATE}
   *     bytes
   * @throws IllegalArgumentException if it is longer
   */
  void saveState(byte[] state);

  /** Returns how much is kept, as of the last group that was written. */
  Usage usage();

  /**
   * Refuses what comes later, writes what came before, gives up the lock and runs {@code closed}.
   * Messages that were not released stay. A second call runs its callback, and no more.
   */
  void close(Runnable closed);

  /** What is told of an append, once. */
  interface AppendCallback {
    /** The message survives the process: it is accepted. */
    void durable(long sequence);

    /** The message is not kept. */
    void refused(long sequence, Refusal refusal);
  }

  /** What is told of {@link #handing}, once. */
  interface HandingCallback {
    /** Messages may be handed to a transport, which is on disk, or cannot be noted there. */
    void ready(boolean onDisk);
  }

  /**
   * Why a message is not kept.
   *
   * @param reason for a program
   * @param message for a person: the rule, the numbers and the place
   * @param cause what the disk said; null if it was not asked
   */
  record Refusal(Reason reason, String message, @Nullable IOException cause) {
    /** Why a message is not kept. */
    public enum Reason {
      /** It would not fit into an empty queue. */
      TOO_LARGE,
      /** The bytes kept have reached the bound. */
      QUEUE_FULL,
      /** The file system has no room; the next message is tried again. */
      DISK_FULL,
      /** The directory was deleted; every message is refused until the queue is opened again. */
      DIRECTORY_GONE,
      /**
       * A write or a sync failed, and so did a second one in a new file; the next message is tried
       * again. If the process dies before a later message is durable, this one may be recovered all
       * the same, for a disk may keep what it said that it could not.
       */
      DISK_FAILED,
      /** The queue was closed. */
      CLOSED
    }
  }

  /**
   * How much is kept.
   *
   * @param messages that are durable and not released
   * @param bytes that all files together take, or the messages in memory
   */
  record Usage(long messages, long bytes) {}
}
