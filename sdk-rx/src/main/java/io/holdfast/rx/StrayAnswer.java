package io.holdfast.rx;

import io.holdfast.Message;

/** An inbound message that answers no request which still waits. */
public sealed interface StrayAnswer<K> {

  /** Returns the message. */
  Message message();

  /** Its request had an answer already: the peer saw the request twice, or answered it twice. */
  record Duplicate<K>(K key, Message message) implements StrayAnswer<K> {}

  /** Its request had timed out, failed or been disposed. */
  record Late<K>(K key, Message message) implements StrayAnswer<K> {}

  /** There was no such request, or it ended so long ago that it is forgotten. */
  record Unknown<K>(K key, Message message) implements StrayAnswer<K> {}

  /**
   * The {@link AnswerKey} threw, so nobody knows whose answer it is, if it is one.
   *
   * @param cause what was thrown
   */
  record Unreadable<K>(Message message, Throwable cause) implements StrayAnswer<K> {}
}
