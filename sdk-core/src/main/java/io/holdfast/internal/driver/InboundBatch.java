package io.holdfast.internal.driver;

import io.holdfast.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reader has told and the inbound lane has not been given yet, so that the messages of one
 * read cost one lock and one hand-over. It is full with the message that may fill the channel, and
 * therefore no bound is ever passed by it. The reader's thread owns it.
 */
final class InboundBatch {
  private static final int MOST_MESSAGES = 256;

  private final List<Message> messages = new ArrayList<>();
  private long bytes;
  // What the channel had room for when it was last asked; since then it can only have grown.
  private int roomMessages;
  private long roomBytes;

  /** Returns whether the lane must have it now. */
  boolean add(Message message) {
    messages.add(message);
    bytes += message.size();
    return messages.size() >= roomMessages || bytes >= roomBytes;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  List<Message> messages() {
    return messages;
  }

  /** Makes it empty, with so much room from now on. */
  void clear(int roomMessages, long roomBytes) {
    messages.clear();
    bytes = 0;
    this.roomMessages = Math.min(MOST_MESSAGES, roomMessages);
    this.roomBytes = roomBytes;
  }
}
