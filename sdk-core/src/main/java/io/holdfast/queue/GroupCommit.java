package io.holdfast.queue;

import static java.util.Objects.requireNonNull;

import io.holdfast.queue.SendQueue.AppendCallback;
import io.holdfast.queue.SendQueue.HandingCallback;
import io.holdfast.queue.SendQueue.Refusal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gathers operations into groups, with no added delay: one task, the leader, commits what has come
 * so far; all that comes meanwhile is its next group. It ends when nothing is left, and whoever
 * then adds an operation starts another.
 */
final class GroupCommit {
  // More would make the first of a group wait for the last.
  private static final long GROUP_BYTES = 1 << 20;
  private static final int GROUP_OPERATIONS = 8_192;
  private static final Refusal CLOSED =
      new Refusal(Refusal.Reason.CLOSED, "the queue is closed", null);

  private final Store store;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock owns the fields below.
  private final ArrayDeque<Operation> pending = new ArrayDeque<>();
  private Life life = Life.NEW;
  private boolean leading;
  private long nextSequence;

  // Written by the leader alone, of which there is one at a time.
  private boolean storeClosed;

  private enum Life {
    NEW,
    OPENING,
    OPEN,
    CLOSING,
    CLOSED
  }

  GroupCommit(Store store, Executor executor) {
    this.store = store;
    this.executor = executor;
  }

  Recovered open() throws IOException {
    Life before = become(Life.OPENING);
    Life then = before;
    try {
      Store.Opened opened = store.open();
      storeClosed = false;
      nextSequence = opened.nextSequence();
      then = Life.OPEN;
      return opened.recovered();
    } finally {
      set(then);
    }
  }

  private void set(Life next) {
    lock.lock();
    try {
      life = next;
    } finally {
      lock.unlock();
    }
  }

  private Life become(Life next) {
    lock.lock();
    try {
      if ((life != Life.NEW && life != Life.CLOSED) || leading) {
        throw new IllegalStateException("the queue must be closed to be opened but is " + life);
      }
      Life before = life;
      life = next;
      return before;
    } finally {
      lock.unlock();
    }
  }

  long append(StoredMessage message, AppendCallback callback) {
    requireNonNull(message, "message");
    requireNonNull(callback, "callback");
    long sequence;
    boolean lead;
    lock.lock();
    try {
      checkOpen();
      sequence = nextSequence++;
      pending.add(new Operation.Append(sequence, message, callback));
      lead = takeTheLead();
    } finally {
      lock.unlock();
    }
    if (lead) startLeader();
    return sequence;
  }

  void add(Operation operation) {
    boolean lead;
    lock.lock();
    try {
      checkOpen();
      pending.add(operation);
      if (operation instanceof Operation.Close && life == Life.OPEN) life = Life.CLOSING;
      lead = takeTheLead();
    } finally {
      lock.unlock();
    }
    if (lead) startLeader();
  }

  private void checkOpen() {
    if (life == Life.NEW || life == Life.OPENING) {
      throw new IllegalStateException("the queue must be open but is " + life);
    }
  }

  private boolean takeTheLead() {
    boolean lead = !leading;
    leading = true;
    return lead;
  }

  void handing(HandingCallback ready) {
    AtomicBoolean told = new AtomicBoolean();
    HandingCallback once =
        onDisk -> {
          if (told.compareAndSet(false, true)) ready.ready(onDisk);
        };
    add(new Operation.Handing(once));
  }

  private void startLeader() {
    try {
      executor.execute(this::lead);
    } catch (RuntimeException | Error e) {
      // The operation waits for whoever comes next.
      stopLeading();
      throw e;
    }
  }

  private void stopLeading() {
    lock.lock();
    try {
      leading = false;
    } finally {
      lock.unlock();
    }
  }

  private void lead() {
    // An interrupt would close the file under the write.
    boolean interrupted = Thread.interrupted();
    List<Runnable> closed = new ArrayList<>();
    for (List<Operation> group = nextGroup(); !group.isEmpty(); group = nextGroup()) {
      if (storeClosed) refuse(group);
      else commit(group, closed);
      interrupted |= Thread.interrupted();
    }
    // Whoever hears it may open the queue at once.
    for (Runnable callback : closed) Callbacks.run(callback);
    if (interrupted) Thread.currentThread().interrupt();
  }

  // A close is the last of its group.
  private List<Operation> nextGroup() {
    List<Operation> group = new ArrayList<>();
    long bytes = 0;
    lock.lock();
    try {
      while (!pending.isEmpty() && bytes < GROUP_BYTES && group.size() < GROUP_OPERATIONS) {
        Operation operation = pending.remove();
        group.add(operation);
        bytes += operation.bytes();
        if (operation instanceof Operation.Close) break;
      }
      leading = !group.isEmpty();
    } finally {
      lock.unlock();
    }
    return group;
  }

  private void commit(List<Operation> group, List<Runnable> closed) {
    store.commit(group);
    Operation last = group.get(group.size() - 1);
    if (!(last instanceof Operation.Close close)) return;
    store.close();
    storeClosed = true;
    set(Life.CLOSED);
    closed.add(close.closed());
  }

  private static void refuse(List<Operation> group) {
    for (Operation operation : group) {
      if (operation instanceof Operation.Append append) Callbacks.refused(append, CLOSED);
      else if (operation instanceof Operation.Handing handing) Callbacks.ready(handing, false);
      else if (operation instanceof Operation.Close close) Callbacks.run(close.closed());
    }
  }
}
