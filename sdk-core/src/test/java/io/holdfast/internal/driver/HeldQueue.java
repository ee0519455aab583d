package io.holdfast.internal.driver;

import io.holdfast.queue.Recovered;
import io.holdfast.queue.SendQueue;
import io.holdfast.queue.StoredMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A send queue that answers when a test says so. */
final class HeldQueue implements SendQueue {
  final List<String> calls = new ArrayList<>();
  final ArrayDeque<AppendCallback> appends = new ArrayDeque<>();
  final ArrayDeque<HandingCallback> handings = new ArrayDeque<>();
  final ArrayDeque<Runnable> closings = new ArrayDeque<>();
  @Nullable IOException openFailure;
  private long told;
  private long lastSequence;

  @Override
  public Recovered open() throws IOException {
    calls.add("open");
    if (openFailure != null) throw openFailure;
    return new Recovered(List.of(), null, List.of());
  }

  @Override
  public long append(StoredMessage message, AppendCallback callback) {
    calls.add("append " + ++lastSequence);
    appends.add(callback);
    return lastSequence;
  }

  /** The oldest append is durable. */
  void store() {
    appends.remove().durable(++told);
  }

  /** The oldest append is refused. */
  void refuse(Refusal.Reason reason) {
    appends.remove().refused(++told, new Refusal(reason, "a test says so", null));
  }

  @Override
  public void release(long sequence) {
    calls.add("release " + sequence);
  }

  @Override
  public void handing(HandingCallback ready) {
    calls.add("handing");
    handings.add(ready);
  }

  @Override
  public void handed(long upTo) {
    calls.add("handed " + upTo);
  }

  @Override
  public void saveState(byte[] state) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Usage usage() {
    return new Usage(0, 0);
  }

  @Override
  public void close(Runnable closed) {
    calls.add("close");
    closings.add(closed);
  }
}
