package io.holdfast.transport;

import org.jspecify.annotations.Nullable;

/** Where a transport's writer pulls from. Calls come from one thread at a time. */
public interface OutboundSource {

  /**
   * Fills {@code batch}, which was {@link OutboundBatch#clear cleared}, with what is to be written
   * next. What it gets counts as in flight from this moment.
   *
   * @param maxBytes of payload; a single message may be larger, and then comes alone, without a
   *     ping
   * @return false if there is nothing; {@link Transport#wake} will be called when there is
   */
  boolean take(OutboundBatch batch, long maxBytes);

  /**
   * Says that {@code batch}, the last one taken, is wholly written and flushed: the kernel has it.
   * Not called for a batch whose write failed.
   */
  void written(OutboundBatch batch);

  /**
   * Asks, between two fragments of a message of the batch last taken, for a ping that cannot wait
   * for the rest. Its pong covers what was written before that batch and nothing of it. A transport
   * that writes no fragments need not ask: a ping that is due goes before a large message, too.
   *
   * @param bytes how many of the batch's payload come before the ping
   * @return the ping's payload; null if none is due
   */
  byte @Nullable [] takePing(long bytes);

  /** Says that the ping of {@link #takePing} is flushed: the kernel has it. */
  void pingWritten();
}
