package io.holdfast.simulation;

import io.holdfast.Message;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Reads the binary messages of the reliable protocol, as its documentation draws them. */
final class Wire {
  private static final int SEQUENCE_OF_DATA = 2;
  private static final int ID_OF_DATA = 10;
  private static final int PAYLOAD = 18;

  private Wire() {}

  static boolean isHello(Message message) {
    return type(message) == 'H';
  }

  static boolean isWelcome(Message message) {
    return type(message) == 'W';
  }

  static boolean isData(Message message) {
    return type(message) == 'D';
  }

  static boolean isAcknowledgement(Message message) {
    return type(message) == 'A';
  }

  private static byte type(Message message) {
    return message.payload().get();
  }

  /** Returns its type and the number that tells it from others. */
  static String name(Message message) {
    char type = (char) type(message);
    if (isHello(message)) return type + " " + received(message);
    if (isWelcome(message)) return type + " " + isResumed(message) + ", next " + next(message);
    if (isData(message)) return type + " " + sequence(message) + ", id " + id(message);
    return type + " " + number(message, 1);
  }

  static UUID session(Message hello) {
    return new UUID(number(hello, 1), number(hello, 9));
  }

  static long received(Message hello) {
    return number(hello, 17);
  }

  static boolean isResumed(Message welcome) {
    return welcome.payload().get(1) == 1;
  }

  static long next(Message welcome) {
    return number(welcome, 18);
  }

  static long acknowledged(Message acknowledgement) {
    return number(acknowledgement, 1);
  }

  static long sequence(Message data) {
    return number(data, SEQUENCE_OF_DATA);
  }

  static long id(Message data) {
    return number(data, ID_OF_DATA);
  }

  /** Returns the number with which the payload begins. */
  static long firstNumber(Message data) {
    return number(data, PAYLOAD);
  }

  static Message payload(Message data) {
    byte[] bytes = new byte[data.size() - PAYLOAD];
    data.copyTo(PAYLOAD, bytes, 0, bytes.length);
    return Message.wrap(bytes);
  }

  private static long number(Message message, int at) {
    ByteBuffer payload = message.payload();
    return payload.getLong(payload.position() + at);
  }
}
