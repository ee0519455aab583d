package io.holdfast.queue;

/**
 * Keeps messages for as long as the process lives: durable means no more than that, and is told
 * before {@code append} returns, unless another thread is in the middle of a call.
 */
public final class MemorySendQueue extends GroupedSendQueue {
  /**
   * Makes an empty one.
   *
   * @param maxBytes that all messages together may take, with their options and metadata
   * @throws IllegalArgumentException if {@code maxBytes} is not positive
   */
  public MemorySendQueue(long maxBytes) {
    super(new MemoryStore(maxBytes), Runnable::run);
  }
}
