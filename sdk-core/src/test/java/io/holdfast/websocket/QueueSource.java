package io.holdfast.websocket;

import io.holdfast.Message;
import io.holdfast.transport.OutboundBatch;
import io.holdfast.transport.OutboundSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a test wants sent. */
final class QueueSource implements OutboundSource {
  final AtomicInteger written = new AtomicInteger();
  final AtomicInteger pingsWritten = new AtomicInteger();
  final AtomicLong bytesBeforePing = new AtomicLong();
  private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
  private final AtomicReference<byte @Nullable []> ping = new AtomicReference<>();
  volatile @Nullable RuntimeException thrownByTake;

  void add(Message message) {
    messages.add(message);
  }

  void ping(byte[] payload) {
    ping.set(payload);
  }

  @Override
  public boolean take(OutboundBatch batch, long maxBytes) {
    RuntimeException thrown = thrownByTake;
    if (thrown != null) throw thrown;
    while (batch.bytes() < maxBytes) {
      Message next = messages.poll();
      if (next == null) break;
      batch.add(next);
    }
    byte[] due = batch.bytes() > maxBytes ? null : ping.getAndSet(null);
    if (due != null) batch.ping(due);
    return due != null || !batch.messages().isEmpty();
  }

  @Override
  public void written(OutboundBatch batch) {
    written.addAndGet(batch.messages().size());
  }

  @Override
  public byte @Nullable [] takePing(long bytes) {
    byte[] due = ping.getAndSet(null);
    if (due != null) bytesBeforePing.set(bytes);
    return due;
  }

  @Override
  public void pingWritten() {
    pingsWritten.incrementAndGet();
  }
}
