package io.holdfast.queue;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/**
 * Keeps messages for as long as the process lives: durable means no more than that, and is told
 * before {@code append} returns, unless another thread is in the middle of a call.
 */
public final class MemorySendQueue implements SendQueue {
  private final MemoryStore store;
  private final GroupCommit operations;

  /**
   * Makes an empty one.
   *
   * @param maxBytes that all messages together may take, with their options and metadata
   * @throws IllegalArgumentException if {@code maxBytes} is not positive
   */
  public MemorySendQueue(long maxBytes) {
    store = new MemoryStore(maxBytes);
    operations = new GroupCommit(store, Runnable::run);
  }

  @Override
  public Recovered open() throws IOException {
    return operations.open();
  }

  @Override
  public long append(StoredMessage message, AppendCallback callback) {
    return operations.append(message, callback);
  }

  @Override
  public void release(long sequence) {
    operations.add(new Operation.Release(sequence));
  }

  @Override
  public void handing(HandingCallback ready) {
    operations.handing(requireNonNull(ready, "ready"));
  }

  @Override
  public void handed(long upTo) {
    operations.add(new Operation.Handed(Checked.upTo(upTo)));
  }

  @Override
  public void saveState(byte[] state) {
    operations.add(new Operation.SaveState(Checked.state(state)));
  }

  @Override
  public Usage usage() {
    return store.usage();
  }

  @Override
  public void close(Runnable closed) {
    operations.add(new Operation.Close(requireNonNull(closed, "closed")));
  }
}
