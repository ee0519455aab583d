package io.holdfast.internal.outbox;

import io.holdfast.Message;
import io.holdfast.SendOptions;

/** A message that a test can tell from others of the same content. */
final class TestEntry extends Entry {
  private final String name;

  TestEntry(String name, int size, SendOptions options) {
    super(Message.wrap(new byte[size]), options);
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
