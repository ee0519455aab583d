package io.holdfast.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The one thread of a {@link FaultProxy}: it owns every socket, and other threads give it orders.
 *
 * <p>Because no byte moves while an order runs, an order is wholly in effect when it returns.
 */
final class ProxyLoop implements Closeable {
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(5);

  private final Selector selector = Selector.open();
  private final Queue<FutureTask<?>> orders = new ConcurrentLinkedQueue<>();
  private final Changes changes;
  private final Thread thread;
  private volatile boolean ending;

  // Only the loop's thread touches the timers.
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.signum(a.atNanos - b.atNanos));

  private record Timer(long atNanos, Runnable task) {}

  /** What a socket does when it is ready. */
  @FunctionalInterface
  interface Ready {
    void ready(SelectionKey key);
  }

  /** A loop that is not yet running; the thread's last act will be {@code onEnd}. */
  ProxyLoop(String name, Changes changes, Runnable onEnd) throws IOException {
    this.changes = changes;
    this.thread = new Thread(() -> run(onEnd), name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Before {@link #start}, or on the loop. */
  void register(SelectableChannel channel, int interest, Ready ready)
      throws ClosedChannelException {
    channel.register(selector, interest, ready);
  }

  /** On the loop. */
  void interest(SelectableChannel channel, int interest) {
    SelectionKey key = channel.keyFor(selector);
    if (key != null && key.isValid()) key.interestOps(interest);
  }

  /**
   * Lets closed sockets leave the kernel, which they do only when their keys leave the selector.
   */
  void settle() throws IOException {
    selector.selectNow();
  }

  /** Runs {@code task} once {@link #nowNanos} has come to that time. On the loop. */
  void at(long atNanos, Runnable task) {
    timers.add(new Timer(atNanos, task));
  }

  long nowNanos() {
    return System.nanoTime();
  }

  /** Runs {@code order} on the loop and waits for its result. */
  <T> T call(Callable<T> order) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              T result = order.call();
              settle();
              return result;
            });
    orders.add(task);
    if (ending) task.cancel(false);
    selector.wakeup();
    return result(task);
  }

  private static <T> T result(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (CancellationException e) {
      throw new IllegalStateException("fault proxy must be open but was closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) throw new UncheckedIOException(cause);
      throw new AssertionError(e.getCause());
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private void run(Runnable onEnd) {
    try {
      while (!ending) {
        select();
        serve();
        runTimers();
        for (FutureTask<?> order; (order = orders.poll()) != null; ) order.run();
        changes.signal();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      end(onEnd);
    }
  }

  private void select() throws IOException {
    Timer next = timers.peek();
    if (next == null) {
      selector.select();
      return;
    }
    long leftNanos = next.atNanos - nowNanos();
    // Rounded up: a select that ends too early would spin.
    if (leftNanos > 0) selector.select((leftNanos + 999_999) / 1_000_000);
    else selector.selectNow();
  }

  private void runTimers() {
    long nowNanos = nowNanos();
    for (Timer next; (next = timers.peek()) != null && next.atNanos - nowNanos <= 0; ) {
      timers.remove();
      next.task.run();
    }
  }

  private void serve() {
    // A copy: serving one key may close another socket, and what it closes leaves the set.
    List<SelectionKey> selected = List.copyOf(selector.selectedKeys());
    selector.selectedKeys().clear();
    for (SelectionKey key : selected) {
      if (key.isValid()) ((Ready) key.attachment()).ready(key);
    }
  }

  private void end(Runnable onEnd) {
    ending = true;
    try {
      onEnd.run();
      for (SelectionKey key : selector.keys()) key.channel().close();
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      orders.forEach(order -> order.cancel(false));
      changes.signal();
    }
  }

  /** Closes every socket and returns when the thread has ended. Again: no effect. */
  @Override
  public void close() {
    ending = true;
    selector.wakeup();
    try {
      thread.join(JOIN_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (thread.isAlive()) throw new AssertionError(thread + " did not end in " + JOIN_LIMIT);
  }
}
