package io.holdfast.storm;

import static java.util.Objects.requireNonNull;

import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.PeerClosed;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.transport.Handshake;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportSink;
import org.jspecify.annotations.Nullable;

/**
 * A real connection's way to {@link StormServer}: attempts, pings and their pongs, and no messages.
 */
final class StormTransport implements Transport, Attempt.Listener {
  private static final int SERVICE_RESTART = 1012;

  private final int number;
  private final StormClock clock;
  private final StormServer server;
  private final OutboundBatch batch = new OutboundBatch();
  private @Nullable OutboundSource source;
  private @Nullable TransportSink sink;
  private @Nullable Attempt attempt;
  private boolean open;

  StormTransport(int number, StormClock clock, StormServer server) {
    this.number = number;
    this.clock = clock;
    this.server = server;
  }

  // ---- Transport

  @Override
  public void start(ConnectRequest request, OutboundSource source, TransportSink sink) {
    this.source = source;
    this.sink = sink;
    attempt = server.connect(number, this);
  }

  @Override
  public void wake() {
    clock.executor().execute(this::write);
  }

  @Override
  public void resumeReading() {
    // Nothing is read that could make it pause.
  }

  @Override
  public void close(int code, String reason) {
    // The caller keeps the deadline.
  }

  @Override
  public void cancel() {
    open = false;
    if (attempt != null) attempt.cancel();
  }

  private void write() {
    while (open) {
      batch.clear();
      if (!requireNonNull(source).take(batch, 4 << 10)) return;
      requireNonNull(sink).writeBegun();
      requireNonNull(sink).writeEnded();
      requireNonNull(source).written(batch);
      byte[] ping = batch.ping();
      long roundTripNanos = 2 * requireNonNull(attempt).latencyNanos;
      if (ping != null) clock.schedule(() -> answer(ping.clone()), roundTripNanos);
    }
  }

  private void answer(byte[] ping) {
    if (!open) return;
    requireNonNull(sink).bytesRead();
    requireNonNull(sink).pong(ping);
  }

  // ---- What the server answers

  @Override
  public void established() {
    // Our attempt has one deadline, from its start to readiness.
  }

  @Override
  public void opened() {
    open = true;
    requireNonNull(sink).opened(new Handshake("", "", ConnectTimeline.EMPTY));
    write();
  }

  @Override
  public void refused() {
    end(new Refused("refused", null));
  }

  @Override
  public void rejected(int retryAfterSeconds) {
    end(HoldfastPolicy.rejected(retryAfterSeconds));
  }

  @Override
  public void lost() {
    end(new PeerClosed(SERVICE_RESTART, ""));
  }

  private void end(ConnectionException cause) {
    open = false;
    requireNonNull(sink).ended(cause, ConnectTimeline.EMPTY);
  }
}
