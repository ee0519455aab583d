package io.holdfast.benchmarks;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Many idle connections in one process: heap and platform threads for each, told as properties on
 * standard output. On JDK 21 or newer their I/O runs on virtual threads.
 */
public final class IdleConnections {
  static final String CONNECTIONS = "connections";
  static final String JAVA = "java";
  static final String KIND = "kind";
  static final String HEAP_BYTES = "heapBytes";
  static final String THREADS_OF_ONE = "threadsOfOne";
  static final String THREADS = "threads";
  static final String TIMER_THREADS = "timerThreads";
  static final String ECHO_MILLIS = "echoMillis";

  private static final int FIRST_VIRTUAL = 21;
  // Two platform threads each are no way to hold more.
  private static final int MOST_ON_PLATFORM_THREADS = 500;
  private static final int OPENING_AT_ONCE = 64;
  // Longer than idle pool threads live.
  private static final long SETTLE_MILLIS = 8000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final List<ManagedConnection> connections = new ArrayList<>();
  private final Semaphore opening = new Semaphore(OPENING_AT_ONCE);
  private final @Nullable Executor virtual;
  private final CountDownLatch echoes;
  private final int count;

  private IdleConnections(int asked) throws ReflectiveOperationException {
    boolean hasVirtual = Runtime.version().feature() >= FIRST_VIRTUAL;
    virtual = hasVirtual ? virtualThreads() : null;
    count = hasVirtual ? asked : Math.min(asked, MOST_ON_PLATFORM_THREADS);
    echoes = new CountDownLatch(count);
  }

  /** The process's main: how many connections. */
  public static void main(String[] args) throws Exception {
    new IdleConnections(Integer.parseInt(args[0])).run();
    System.exit(0);
  }

  private static Executor virtualThreads() throws ReflectiveOperationException {
    Object made = Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    return (Executor) Objects.requireNonNull(made);
  }

  private void run() throws Exception {
    open(1);
    Thread.sleep(SETTLE_MILLIS);
    long heapOfOne = heapBytes();
    int threadsOfOne = threads.getThreadCount();
    open(count - 1);
    Thread.sleep(SETTLE_MILLIS);
    Properties told = new Properties();
    told.setProperty(CONNECTIONS, String.valueOf(count));
    told.setProperty(JAVA, System.getProperty("java.version"));
    told.setProperty(KIND, virtual == null ? "platform" : "virtual");
    told.setProperty(HEAP_BYTES, String.valueOf((heapBytes() - heapOfOne) / (count - 1)));
    told.setProperty(THREADS_OF_ONE, String.valueOf(threadsOfOne));
    told.setProperty(THREADS, String.valueOf(threads.getThreadCount()));
    told.setProperty(TIMER_THREADS, String.valueOf(timerThreads()));
    told.setProperty(ECHO_MILLIS, String.valueOf(echoMillis()));
    told.store(System.out, null);
  }

  private void open(int more) throws InterruptedException, TimeoutException {
    for (int i = 0; i < more; i++) {
      if (!opening.tryAcquire(10, SECONDS)) throw new TimeoutException("no connection opened");
      connections.add(open());
    }
    if (!opening.tryAcquire(OPENING_AT_ONCE, 10, SECONDS)) {
      throw new TimeoutException("some did not open");
    }
    opening.release(OPENING_AT_ONCE);
  }

  private ManagedConnection open() {
    ManagedConnection.Builder builder = ManagedConnection.builder(Server.at("/echo"));
    if (virtual != null) builder.ioExecutor(virtual);
    ManagedConnection connection = builder.build();
    connection.receive(message -> echoes.countDown()).request(MessageDemand.UNBOUNDED);
    connection.addListener(
        new ConnectionListener() {
          @Override
          public void onState(ConnectionState state) {
            if (state instanceof ConnectionState.Open) opening.release();
          }
        });
    connection.open();
    return connection;
  }

  private long heapBytes() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      memory.gc();
      Thread.sleep(200);
    }
    return memory.getHeapMemoryUsage().getUsed();
  }

  private long timerThreads() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().startsWith("holdfast-timer"))
        .count();
  }

  private long echoMillis() throws InterruptedException, TimeoutException {
    long begun = System.nanoTime();
    for (ManagedConnection connection : connections) connection.send(Message.binary(new byte[64]));
    if (!echoes.await(60, SECONDS)) {
      throw new TimeoutException(echoes.getCount() + " did not echo");
    }
    return (System.nanoTime() - begun) / 1_000_000;
  }
}
