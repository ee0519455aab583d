package io.holdfast.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a previous life left.
 *
 * @param messages that were not released, in order of their sequences
 * @param state the protocol's state that was saved last; null if none ever was
 * @param unreadable what could not be read. After a crash, the end of the newest file may be listed
 *     here: nothing of it was ever told to be durable. Anything else is damage, and messages may be
 *     missing
 */
// What reads it once compares nothing.
@SuppressWarnings("ArrayRecordComponent")
public record Recovered(List<Kept> messages, byte @Nullable [] state, List<Unreadable> unreadable) {

  /**
   * One message that was not released.
   *
   * @param sequence its stable id
   * @param message as it was appended
   * @param mayHaveBeenHanded whether a transport may have had it. False is certain (but for what
   *     {@link SendQueue#handing} says); true also if the process died while there was a transport
   */
  public record Kept(long sequence, StoredMessage message, boolean mayHaveBeenHanded) {}

  /**
   * Bytes that fail their check. They are told once, and never delivered.
   *
   * @param file that keeps a copy of them; null if the copy could not be written
   * @param offset where they began in the file in which they were found
   * @param bytes how many
   * @param reason for a person
   */
  public record Unreadable(@Nullable String file, long offset, long bytes, String reason) {}
}
