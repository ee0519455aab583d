package io.holdfast.rx;

import io.holdfast.Message;
import org.jspecify.annotations.Nullable;

/**
 * Finds in an inbound message which request it answers.
 *
 * @param <K> what names a request; its {@code equals} and {@code hashCode} are those of a map's key
 */
@FunctionalInterface
public interface AnswerKey<K> {
  /**
   * Returns the key of the request that {@code message} answers, or null if it is no answer. Called
   * once for each inbound message, on the callback thread for messages.
   *
   * @throws Exception if the message cannot be read: see {@link StrayAnswer.Unreadable}
   */
  @Nullable K of(Message message) throws Exception;
}
