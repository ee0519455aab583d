package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.Message;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.TransportSink;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Keeps what a transport tells, for a test to take one by one. */
final class RecordingSink implements TransportSink {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** One thing that was told. */
  sealed interface Told {
    record Opened(String protocol, String extensions, ConnectTimeline timeline) implements Told {}

    record Received(Message message) implements Told {}

    record Pong(ByteString payload) implements Told {}

    record Ended(ConnectionException cause, ConnectTimeline timeline) implements Told {}
  }

  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger messagesBegun = new AtomicInteger();
  final AtomicInteger writesBegun = new AtomicInteger();
  final AtomicInteger writesProgressed = new AtomicInteger();
  final AtomicInteger writesEnded = new AtomicInteger();
  // How many messages had been told when each read ended.
  final Queue<Integer> readsEnded = new ConcurrentLinkedQueue<>();
  // The reader's thread alone.
  private int messages;
  private final AtomicInteger ends = new AtomicInteger();
  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  volatile boolean pausing;
  volatile @Nullable RuntimeException thrownByMessage;
  // What an app does on the reader's thread, with what relieves that.
  volatile @Nullable Consumer<Runnable> app;

  /** Takes the next thing told. */
  <T extends Told> T next(Class<T> type) {
    Told next = poll(PATIENCE);
    if (next == null) throw new AssertionError("waited in vain for " + type.getSimpleName());
    assertThat(next).as("next told").isInstanceOf(type);
    return type.cast(next);
  }

  /** Takes an end and checks its kind. */
  <T extends ConnectionException> T nextEnd(Class<T> cause) {
    Told.Ended ended = next(Told.Ended.class);
    assertThat(ended.cause()).as("cause").isInstanceOf(cause);
    return cause.cast(ended.cause());
  }

  void nextMessage(String text) {
    assertThat(next(Told.Received.class).message()).isEqualTo(Message.text(text));
  }

  boolean hasMore() {
    return !told.isEmpty();
  }

  void assertNothingMore() {
    assertThat(told).as("told").isEmpty();
  }

  /** Waits a while in which a faulty transport would tell more. */
  void assertSilence(Duration time) {
    assertThat(poll(time)).as("told").isNull();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) throw new AssertionError("waited in vain for " + what);
      LockSupport.parkNanos(100_000);
    }
  }

  /** Waits until a write that does not end has stopped making progress. Returns its pieces. */
  int awaitStall() {
    await("progress", () -> writesProgressed.get() > 0);
    int before;
    do {
      before = writesProgressed.get();
      assertSilence(Duration.ofMillis(100));
    } while (writesProgressed.get() > before);
    return before;
  }

  private @Nullable Told poll(Duration patience) {
    try {
      return told.poll(patience.toNanos(), NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public boolean opened(Handshake handshake) {
    boolean readOn = !pausing;
    told.add(new Told.Opened(handshake.protocol(), handshake.extensions(), handshake.timeline()));
    return readOn;
  }

  @Override
  public void bytesRead() {
    reads.incrementAndGet();
  }

  @Override
  public void messageBegun() {
    messagesBegun.incrementAndGet();
  }

  @Override
  public boolean message(Message message) {
    RuntimeException thrown = thrownByMessage;
    if (thrown != null) throw thrown;
    boolean readOn = !pausing;
    messages++;
    told.add(new Told.Received(message));
    return readOn;
  }

  @Override
  public void readEnded() {
    readsEnded.add(messages);
  }

  @Override
  public void readEnded(Runnable relief) {
    readEnded();
    Consumer<Runnable> called = app;
    if (called != null) called.accept(relief);
  }

  @Override
  public void pong(byte[] payload) {
    told.add(new Told.Pong(ByteString.of(payload)));
  }

  @Override
  public void writeBegun() {
    writesBegun.incrementAndGet();
  }

  @Override
  public void writeProgressed() {
    writesProgressed.incrementAndGet();
  }

  @Override
  public void writeEnded() {
    writesEnded.incrementAndGet();
  }

  int toldEnds() {
    return ends.get();
  }

  @Override
  public void ended(ConnectionException cause, ConnectTimeline timeline) {
    ends.incrementAndGet();
    told.add(new Told.Ended(cause, timeline));
  }
}
