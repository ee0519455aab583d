package io.holdfast.transport;

/** Where a transport's writer pulls from. Calls come from one thread at a time. */
public interface OutboundSource {

  /**
   * Fills {@code batch}, which was {@link OutboundBatch#clear cleared}, with what is to be written
   * next. What it gets counts as in flight from this moment.
   *
   * @param maxBytes of payload; a single message may be larger
   * @return false if there is nothing; {@link Transport#wake} will be called when there is
   */
  boolean take(OutboundBatch batch, long maxBytes);

  /**
   * Says that {@code batch}, the last one taken, is wholly written and flushed: the kernel has it.
   * Not called for a batch whose write failed.
   */
  void written(OutboundBatch batch);
}
