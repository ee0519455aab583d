package io.holdfast.simulation;

import io.holdfast.Message;
import java.nio.ByteBuffer;

/** The heartbeat's own messages. Each has a number, as those of the server have. */
final class Question {
  private static final long ASKS = mark("?alive?");
  private static final long ANSWERS = mark("!alive!");

  private Question() {}

  private static long mark(String text) {
    long mark = 0;
    for (char each : text.toCharArray()) mark = mark << 8 | each;
    return mark << 8;
  }

  static Message ask(long number) {
    return message(ASKS, number);
  }

  static Message answer(long number) {
    return message(ANSWERS, number);
  }

  private static Message message(long mark, long number) {
    byte[] bytes = new byte[2 * Long.BYTES];
    ByteBuffer.wrap(bytes).putLong(mark).putLong(number);
    return Message.wrap(bytes);
  }

  static boolean asks(Message message) {
    return has(message, ASKS);
  }

  static boolean answers(Message message) {
    return has(message, ANSWERS);
  }

  private static boolean has(Message message, long mark) {
    ByteBuffer payload = message.payload();
    return payload.remaining() == 2 * Long.BYTES && payload.getLong() == mark;
  }

  /** Returns the number of what the server sends; zero if it has none. */
  static long number(Message message) {
    ByteBuffer payload = message.payload();
    return payload.remaining() < 2 * Long.BYTES ? 0 : payload.getLong(Long.BYTES);
  }
}
