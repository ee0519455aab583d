package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.Message;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportFactory;
import io.holdfast.websocket.RecordingSink.Told.Opened;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;

/** One transport with its threads and timers; closing it checks that none of them is left over. */
final class TransportRig implements AutoCloseable {
  static final OkHttpClient CLIENT = new OkHttpClient();

  final RecordingSink sink = new RecordingSink();
  final QueueSource source = new QueueSource();
  final ExecutorService io = Executors.newCachedThreadPool();
  final Transport transport;
  private final Queue<ManualTimer> timers = new ConcurrentLinkedQueue<>();

  TransportRig(TransportFactory factory) {
    transport = factory.newTransport(io, new ManualClock());
  }

  /** Starts an attempt at {@code uri}. */
  static TransportRig start(URI uri) {
    return start(WebSocketTransportFactory.create(CLIENT), ConnectRequest.builder(uri).build());
  }

  static TransportRig start(TransportFactory factory, ConnectRequest request) {
    TransportRig rig = new TransportRig(factory);
    rig.start(request);
    return rig;
  }

  void start(ConnectRequest request) {
    transport.start(request, source, sink);
  }

  Opened awaitOpen() {
    return sink.next(Opened.class);
  }

  void send(Message message) {
    source.add(message);
    transport.wake();
  }

  void ping(byte[] payload) {
    source.ping(payload);
    transport.wake();
  }

  /** Cancels, then checks that nothing more is told and nothing is left over. */
  @Override
  public void close() throws IOException {
    transport.cancel();
    assertEnds();
    sink.assertNothingMore();
  }

  /** Checks that every thread ends by itself. */
  void assertEnds() {
    io.shutdown();
    try {
      assertThat(io.awaitTermination(10, SECONDS)).as("threads ended").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(timers).as("timers left over").isEmpty();
  }

  /** Waits until a timer of {@code delay} is set, and lets it run out. */
  void letPass(Duration delay) {
    RecordingSink.await("timer of " + delay, () -> !timers.isEmpty());
    ManualTimer timer = timers.remove();
    assertThat(Duration.ofNanos(timer.delayNanos)).isEqualTo(delay);
    timer.task.run();
  }

  /** Real time, and timers that run out when the test says so. */
  private final class ManualClock implements Clock {
    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public long wallMillis() {
      return System.currentTimeMillis();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
      ManualTimer timer = new ManualTimer(task, delayNanos);
      timers.add(timer);
      return () -> timers.removeIf(timer::equals);
    }
  }

  private record ManualTimer(Runnable task, long delayNanos) {}
}
