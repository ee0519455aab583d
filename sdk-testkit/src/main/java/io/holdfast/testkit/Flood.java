package io.holdfast.testkit;

import java.util.Iterator;
import java.util.NoSuchElementException;
import okio.ByteString;

/** The frames of a flood, made as they are asked for. */
final class Flood implements Iterator<ByteString> {
  static final int LEAST_BYTES = 32;

  private final long messages;
  private final String dots;
  private long made;

  Flood(long messages, int bytesEach) {
    this.messages = messages;
    this.dots = ".".repeat(bytesEach);
  }

  @Override
  public boolean hasNext() {
    return made < messages;
  }

  @Override
  public ByteString next() {
    if (!hasNext()) throw new NoSuchElementException();
    String name = "flood-" + ++made + " ";
    return RawFrame.text(name + dots.substring(name.length())).encode();
  }
}
