package io.holdfast.internal.outbox;

import io.holdfast.Message;
import io.holdfast.SendOptions;
import java.util.ArrayList;
import java.util.List;

/** A message that a test can tell from others of the same content. */
final class TestEntry extends Entry {
  private final String name;

  TestEntry(String name, int size, SendOptions options) {
    super(Message.wrap(new byte[size]), options);
    this.name = name;
  }

  /** Takes what has ended since the last call, in order. */
  static List<Entry> allEnded(Outbox outbox) {
    List<Entry> all = new ArrayList<>();
    for (Entry entry = outbox.ended(); entry != null; entry = entry.takeNextEnded()) all.add(entry);
    return all;
  }

  @Override
  public String toString() {
    return name;
  }
}
