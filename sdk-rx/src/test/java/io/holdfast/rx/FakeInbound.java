package io.holdfast.rx;

import static java.util.Objects.requireNonNull;

import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The core's inbound buffer: gives a listener what was read, one message at a time and only as many
 * as were asked for. Fails the test, at {@link #check}, where a listener's rules are broken.
 */
final class FakeInbound implements MessageDemand {
  private final Executor thread;
  private @Nullable MessageListener listener;

  // Guarded by this.
  private final Deque<Message> read = new ArrayDeque<>();
  private final List<Throwable> logged = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private long outstanding;
  private long mostOutstanding;
  private boolean giving;
  private boolean ended;
  private boolean endTold;

  FakeInbound(Executor thread) {
    this.thread = thread;
  }

  MessageDemand receive(MessageListener listener) {
    if (this.listener != null) throw new IllegalStateException("there is a listener already");
    this.listener = listener;
    give();
    return this;
  }

  /** Reads messages from the socket; they are given as far as they were asked for. */
  void read(String... texts) {
    read(Stream.of(texts).map(Message::text).toArray(Message[]::new));
  }

  void read(Message... messages) {
    synchronized (this) {
      if (ended) throw new IllegalStateException("read after the end");
      read.addAll(List.of(messages));
    }
    give();
  }

  /** Ends the messages: the listener is told once it has taken those that were read. */
  void end() {
    synchronized (this) {
      ended = true;
    }
    give();
  }

  @Override
  public void request(long count) {
    synchronized (this) {
      if (count <= 0) broken.add("asked for " + count);
      if (endTold) broken.add("asked after the end");
      outstanding += count;
      mostOutstanding = Math.max(mostOutstanding, outstanding);
    }
    give();
  }

  @Override
  public void cancel() {
    throw new AssertionError("the adapter receives for good");
  }

  synchronized long outstanding() {
    return outstanding;
  }

  synchronized long mostOutstanding() {
    return mostOutstanding;
  }

  synchronized int unread() {
    return read.size();
  }

  synchronized List<Throwable> logged() {
    return List.copyOf(logged);
  }

  synchronized void check() {
    if (!broken.isEmpty()) throw new AssertionError(broken);
  }

  private void give() {
    synchronized (this) {
      if (giving || !mayGive()) return;
      giving = true;
    }
    thread.execute(this::giveAll);
  }

  private void giveAll() {
    while (true) {
      Message message;
      synchronized (this) {
        giving = mayGive();
        if (!giving) return;
        message = read.poll();
        if (message == null) {
          endTold = true;
        } else {
          outstanding--;
        }
      }
      try {
        if (message == null) {
          requireNonNull(listener).onClosed();
        } else {
          requireNonNull(listener).onMessage(message);
        }
      } catch (RuntimeException | Error thrown) {
        synchronized (this) {
          logged.add(thrown);
        }
      }
    }
  }

  private boolean mayGive() {
    if (listener == null || endTold) return false;
    return read.isEmpty() ? ended : outstanding > 0;
  }
}
