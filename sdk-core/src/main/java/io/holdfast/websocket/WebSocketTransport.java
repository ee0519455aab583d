package io.holdfast.websocket;

import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectTimeline;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.transport.OutboundSource;
import io.holdfast.transport.Transport;
import io.holdfast.transport.TransportSink;
import io.holdfast.websocket.UpgradeAttempt.Upgraded;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * One attempt and then one conversation: a task makes the handshake and starts the writer's and the
 * reader's. Whoever reads last alone tells the end.
 *
 * <p>Telling takes no lock: a call to the sink that has begun when {@link #cancel} is called, or
 * when another task tells the end, may return after it.
 */
final class WebSocketTransport implements Transport {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Supplier<OkHttpClient> okHttp;
  private final TransportOptions options;
  private final Executor io;
  private final Clock clock;

  // Any thread. Whoever writes one of these reads the others after it, so that no order loses one.
  private volatile boolean cancelled;
  private volatile @Nullable UpgradeAttempt attempt;
  private volatile @Nullable Conversation conversation;
  private volatile byte @Nullable [] earlyClose;

  WebSocketTransport(
      Supplier<OkHttpClient> okHttp, TransportOptions options, Executor io, Clock clock) {
    this.okHttp = okHttp;
    this.options = options;
    this.io = io;
    this.clock = clock;
  }

  @Override
  public void start(ConnectRequest request, OutboundSource source, TransportSink sink) {
    UpgradeAttempt begun = new UpgradeAttempt(okHttp, request, options, RANDOM, clock);
    attempt = begun;
    try {
      io.execute(() -> run(begun, source, sink));
    } catch (RuntimeException | Error e) {
      end(sink, rejected(e), begun.timeline());
    }
  }

  private void run(UpgradeAttempt begun, OutboundSource source, TransportSink sink) {
    if (cancelled) return;
    Upgraded upgraded;
    try {
      upgraded = begun.open();
    } catch (ConnectionException e) {
      end(sink, e, begun.timeline());
      return;
    }
    converse(new Conversation(begun, upgraded, source, sink, options, clock), upgraded, sink);
  }

  private void converse(Conversation begun, Upgraded upgraded, TransportSink sink) {
    ConnectTimeline timeline = upgraded.handshake().timeline();
    conversation = begun;
    if (cancelled) begun.stop();
    byte[] early = earlyClose;
    if (early != null) begun.close(early);
    try {
      io.execute(begun::write);
    } catch (RuntimeException | Error e) {
      begun.abandon();
      end(sink, rejected(e), timeline);
      return;
    }
    startReading(() -> read(begun, sink, timeline));
  }

  // A task of its own: the handshake's deep stack would stay in memory for as long as it reads.
  private void startReading(Runnable reading) {
    try {
      io.execute(reading);
    } catch (RuntimeException | Error e) {
      // If the executor has kept it all the same, one of the two finds that the other reads.
      reading.run();
    }
  }

  private void read(Conversation begun, TransportSink sink, ConnectTimeline timeline) {
    ConnectionException end = begun.read(() -> io.execute(() -> read(begun, sink, timeline)));
    if (end == null) return;
    // First the writer falls silent, for after the end nothing is told.
    begun.lose(end);
    try {
      end(sink, end, timeline);
    } finally {
      begun.part();
    }
  }

  private void end(TransportSink sink, ConnectionException cause, ConnectTimeline timeline) {
    if (!cancelled) sink.ended(cause, timeline);
  }

  private static ConnectFailed rejected(Throwable thrown) {
    return new ConnectFailed("executor took no task", thrown);
  }

  @Override
  public void wake() {
    Conversation open = conversation;
    if (open != null) open.wake();
  }

  @Override
  public void resumeReading() {
    Conversation open = conversation;
    if (open != null) open.resumeReading();
  }

  @Override
  public void close(int code, String reason) {
    byte[] payload = CloseFrame.payload(code, reason);
    earlyClose = payload;
    Conversation open = conversation;
    if (open != null) open.close(payload);
  }

  @Override
  public void cancel() {
    cancelled = true;
    // It stops talking before it breaks, so that what breaks is not told.
    Conversation open = conversation;
    if (open != null) open.stop();
    UpgradeAttempt begun = attempt;
    if (begun != null) begun.cancel();
  }
}
