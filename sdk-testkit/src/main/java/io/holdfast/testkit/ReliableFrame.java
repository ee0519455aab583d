package io.holdfast.testkit;

import okio.Buffer;
import okio.ByteString;

/** The binary messages of the reliable protocol that a server writes. */
final class ReliableFrame {
  private ReliableFrame() {}

  static ByteString welcome(boolean resumed, long sequence, long id, long next) {
    return new Buffer()
        .writeByte('W')
        .writeByte(resumed ? 1 : 0)
        .writeLong(sequence)
        .writeLong(id)
        .writeLong(next)
        .readByteString();
  }

  static ByteString data(long sequence, ReliableMessage message) {
    return new Buffer()
        .writeByte('D')
        .writeByte(message.text() ? 'T' : 'B')
        .writeLong(sequence)
        .writeLong(message.id())
        .write(message.payload())
        .readByteString();
  }

  static ByteString acknowledgement(long sequence) {
    return new Buffer().writeByte('A').writeLong(sequence).readByteString();
  }

  static ByteString refusal(long id, String reason) {
    return new Buffer().writeByte('N').writeLong(id).writeUtf8(reason).readByteString();
  }

  static ByteString reconnect(long millis, String reason) {
    return new Buffer().writeByte('R').writeLong(millis).writeUtf8(reason).readByteString();
  }

  static ByteString fatal(String reason) {
    return new Buffer().writeByte('F').writeUtf8(reason).readByteString();
  }
}
