package io.holdfast.internal.driver;

import static java.util.Objects.requireNonNull;

import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.Message;
import io.holdfast.fixtures.VirtualClock;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportFactory;
import io.holdfast.transport.TransportSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A path that lets every attempt through at once, and forgets a transport that is silent for a
 * time: nothing passes any more, and nobody is told.
 */
final class ForgetfulPath implements TransportFactory {
  private final VirtualClock clock;
  private final List<Passing> transports = new ArrayList<>();
  private long limitNanos;
  private int pings;

  ForgetfulPath(VirtualClock clock, Duration limit) {
    this.clock = clock;
    forgetAfter(limit);
  }

  void forgetAfter(Duration limit) {
    limitNanos = limit.toNanos();
  }

  @Override
  public Transport newTransport(Executor io, Clock unused) {
    Passing transport = new Passing();
    transports.add(transport);
    return transport;
  }

  int transports() {
    return transports.size();
  }

  int pings() {
    return pings;
  }

  /** The peer sends a message on the newest transport. */
  void push(String text) {
    transports.get(transports.size() - 1).push(text);
  }

  private final class Passing implements Transport {
    private @Nullable OutboundSource source;
    private @Nullable TransportSink sink;
    private long lastAtNanos;
    private boolean forgotten;
    private boolean over;

    @Override
    public void start(ConnectRequest request, OutboundSource source, TransportSink sink) {
      this.source = source;
      this.sink = sink;
      lastAtNanos = clock.nanoTime();
      clock.executor().execute(() -> sink.opened(new Handshake("", "", ConnectTimeline.EMPTY)));
    }

    private boolean passes() {
      forgotten |= clock.nanoTime() - lastAtNanos >= limitNanos;
      if (!forgotten) lastAtNanos = clock.nanoTime();
      return !forgotten && !over;
    }

    @Override
    public void wake() {
      OutboundSource source = requireNonNull(this.source);
      TransportSink sink = requireNonNull(this.sink);
      OutboundBatch batch = new OutboundBatch();
      while (!over && source.take(batch, 64 << 10)) {
        sink.writeBegun();
        sink.writeEnded();
        source.written(batch);
        byte[] ping = batch.ping();
        if (ping != null) pings++;
        if (passes() && ping != null) answer(sink, ping);
        batch.clear();
      }
    }

    private void answer(TransportSink sink, byte[] ping) {
      sink.bytesRead();
      sink.pong(ping);
    }

    private void push(String text) {
      if (!passes()) return;
      TransportSink sink = requireNonNull(this.sink);
      sink.bytesRead();
      sink.message(Message.text(text));
      sink.readEnded();
    }

    @Override
    public void resumeReading() {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void cancel() {
      over = true;
    }
  }
}
