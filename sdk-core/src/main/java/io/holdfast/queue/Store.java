package io.holdfast.queue;

import java.io.IOException;
import java.util.List;

/** Where a {@link GroupCommit} puts what it has gathered. It is called by one thread at a time. */
interface Store {
  /** What the last life left, and which sequence comes after all that it gave. */
  record Opened(Recovered recovered, long nextSequence) {}

  Opened open() throws IOException;

  /** Carries out a group in its order, and tells each append and each {@code handing} once. */
  void commit(List<Operation> group);

  /** Writes what is left, and gives the place up. */
  void close();

  /** Any thread. */
  SendQueue.Usage usage();
}
