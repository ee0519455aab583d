package io.holdfast.transport;

import io.holdfast.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is written with one flush: messages in order, then perhaps a ping. A writer keeps one and
 * uses it again. Not safe for use by several threads.
 */
public final class OutboundBatch {
  private final List<Message> messages = new ArrayList<>();
  private byte @Nullable [] ping;
  private long bytes;

  /** Makes an empty batch. */
  public OutboundBatch() {}

  /** Returns the messages, in the order in which they are written. */
  public List<Message> messages() {
    return messages;
  }

  /** Returns the payload of a ping frame to be written after the messages; null if none is due. */
  public byte @Nullable [] ping() {
    return ping;
  }

  /** Returns the messages' payload, in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Adds a message. For sources. */
  public void add(Message message) {
    messages.add(message);
    bytes += message.size();
  }

  /** Sets the ping's payload, at most 125 bytes. For sources. */
  public void ping(byte[] payload) {
    ping = payload;
  }

  /** Makes it empty again. */
  public void clear() {
    messages.clear();
    ping = null;
    bytes = 0;
  }
}
