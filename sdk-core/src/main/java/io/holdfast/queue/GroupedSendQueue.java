package io.holdfast.queue;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.concurrent.Executor;

/** A send queue whose operations reach a store in groups. */
abstract class GroupedSendQueue implements SendQueue {
  private final Store store;
  private final GroupCommit operations;

  GroupedSendQueue(Store store, Executor executor) {
    this.store = store;
    this.operations = new GroupCommit(store, executor);
  }

  @Override
  public final Recovered open() throws IOException {
    return operations.open();
  }

  @Override
  public final long append(StoredMessage message, AppendCallback callback) {
    return operations.append(message, callback);
  }

  @Override
  public final void release(long sequence) {
    operations.add(new Operation.Release(sequence));
  }

  @Override
  public final void handing(HandingCallback ready) {
    operations.handing(requireNonNull(ready, "ready"));
  }

  @Override
  public final void handed(long upTo) {
    operations.add(new Operation.Handed(Checked.upTo(upTo)));
  }

  @Override
  public final void saveState(byte[] state) {
    operations.add(new Operation.SaveState(Checked.state(state)));
  }

  @Override
  public final Usage usage() {
    return store.usage();
  }

  @Override
  public final void close(Runnable closed) {
    operations.add(new Operation.Close(requireNonNull(closed, "closed")));
  }
}
