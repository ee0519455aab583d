package io.holdfast.internal.driver;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/** The daemon threads that connections share unless the app brings its own; idle ones end soon. */
public final class SharedThreads {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Executor IO =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          5,
          SECONDS,
          new SynchronousQueue<>(),
          task -> daemon(task, "holdfast-io-" + NUMBER.incrementAndGet()));

  private SharedThreads() {}

  /** Returns a pool without a bound. */
  public static Executor io() {
    return IO;
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
