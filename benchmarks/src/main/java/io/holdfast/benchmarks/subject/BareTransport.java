package io.holdfast.benchmarks.subject;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.Message;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportSink;
import io.holdfast.websocket.WebSocketTransportFactory;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Holdfast's transport with nothing around it: what the managed connection adds is the rest. */
final class BareTransport implements Connection, OutboundSource, TransportSink {
  private final ExecutorService io = Executors.newCachedThreadPool(BareTransport::daemon);
  private final ScheduledExecutorService timers =
      Executors.newSingleThreadScheduledExecutor(BareTransport::daemon);
  private final Transport transport =
      WebSocketTransportFactory.create().newTransport(io, new TimerClock(timers));
  private final Queue<Message> queued = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Handshake> opened = new CompletableFuture<>();
  private final Arrivals arrivals;

  private BareTransport(Arrivals arrivals) {
    this.arrivals = arrivals;
  }

  static Connection connect(URI uri, Arrivals arrivals) throws Exception {
    BareTransport connection = new BareTransport(arrivals);
    connection.transport.start(ConnectRequest.builder(uri).build(), connection, connection);
    connection.opened.get(10, SECONDS);
    return connection;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  private record TimerClock(ScheduledExecutorService timers) implements Clock {
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
      Future<?> scheduled = timers.schedule(task, delayNanos, NANOSECONDS);
      return () -> scheduled.cancel(false);
    }
  }

  @Override
  public void send(byte[] payload) {
    queued.add(Message.binary(payload));
    transport.wake();
  }

  @Override
  public void close() {
    transport.cancel();
    io.shutdown();
    timers.shutdown();
  }

  @Override
  public boolean take(OutboundBatch batch, long maxBytes) {
    for (Message next = queued.peek();
        next != null && (batch.messages().isEmpty() || batch.bytes() + next.size() <= maxBytes);
        next = queued.peek()) {
      batch.add(next);
      queued.remove();
    }
    return !batch.messages().isEmpty();
  }

  @Override
  public void written(OutboundBatch batch) {}

  @Override
  public byte @Nullable [] takePing(long bytes) {
    return null;
  }

  @Override
  public void pingWritten() {}

  @Override
  public boolean opened(Handshake handshake) {
    opened.complete(handshake);
    return true;
  }

  @Override
  public void bytesRead() {}

  @Override
  public boolean message(Message message) {
    arrivals.message(message, message.size());
    return true;
  }

  @Override
  public void readEnded() {}

  @Override
  public void pong(byte[] payload) {}

  @Override
  public void writeBegun() {}

  @Override
  public void writeProgressed() {}

  @Override
  public void writeEnded() {}

  @Override
  public void ended(ConnectionException cause, ConnectTimeline timeline) {
    opened.completeExceptionally(cause);
  }
}
