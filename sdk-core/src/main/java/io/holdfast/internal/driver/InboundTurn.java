package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.holdfast.internal.inbound.InboundChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages that a consumer is given in a row, taken under one lock. Each counts as waiting until it
 * is its turn: whoever holds the lane's lock says so to the channel for all that have begun.
 */
final class InboundTurn {
  // Then whatever else shares the thread has its turn.
  static final int MOST_MESSAGES = 32;

  // Filled by the consumer's thread under the lane's lock; emptied by it without.
  // Longer with the longest turn, so that a connection where nothing comes keeps no room.
  private @Nullable Message[] messages = {};
  // The lane's lock owns the fields below.
  private int[] sizes = {};
  private int count;
  private int released;
  // Written by the consumer's thread, read under the lock.
  private volatile int begun;

  /** Takes the next ones. Under the lock, by the consumer's thread, once all have begun. */
  void fill(InboundChannel channel) {
    release(channel);
    begun = 0;
    released = 0;
    count = 0;
    while (count < MOST_MESSAGES && channel.hasDeliverable()) {
      Message message = requireNonNull(channel.take());
      if (count == sizes.length) grow();
      messages[count] = message;
      sizes[count++] = message.size();
    }
  }

  private void grow() {
    int length = Math.min(MOST_MESSAGES, 2 * count + 2);
    messages = Arrays.copyOf(messages, length);
    sizes = Arrays.copyOf(sizes, length);
  }

  /** Says to the channel which no longer wait. Under the lock. */
  void release(InboundChannel channel) {
    int until = begun;
    while (released < until) channel.release(sizes[released++]);
  }

  /** Returns whether it was filled with nothing. By the consumer's thread. */
  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Returns the next message, whose turn begins; null if there is none. By the consumer's thread.
   */
  @Nullable Message next() {
    int index = begun;
    if (index == count) return null;
    Message message = messages[index];
    messages[index] = null;
    begun = index + 1;
    return message;
  }
}
