package io.holdfast.rx;

import io.holdfast.ManagedConnection;
import io.holdfast.Message;
import io.holdfast.MessageDemand;
import io.holdfast.MessageListener;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.exceptions.Exceptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/**
 * The inbound messages of one connection, shared by all who subscribe; the one receiver that the
 * core knows.
 *
 * <p>The core is asked for a message only when every subscriber has asked for it. Demand cannot be
 * taken back from the core, though, so a subscriber that joins while messages are outstanding may
 * get some before it asks, and parks them. It misses none, and there are few, for the core is never
 * asked for more than {@link #WINDOW} messages ahead of what the slowest subscriber has taken. That
 * holds for unbounded demand too, which is passed on a window at a time: were the core told {@link
 * MessageDemand#UNBOUNDED}, a slow subscriber that joined later could hold nothing up.
 */
final class MessageMulticast extends Flowable<Message> implements MessageListener {
  /** How many messages are parked for one subscriber, at most. */
  static final int WINDOW = 32;

  // The core is asked again when this few are outstanding: late enough to ask in batches, and early
  // enough that it need not stop.
  private static final int REFILL_AT = WINDOW / 2;

  private final Lock lock = new ReentrantLock();

  // Guarded by `lock`. Messages are numbered from 1, in the order in which they come.
  private long lastReceived;
  private long lastAskedFor;
  private List<Seat> seats =
      List.of(); // Replaced, never changed: what was read is told without the lock.
  private boolean closed;

  private final MessageDemand demand;

  private MessageMulticast(ManagedConnection connection) {
    // Last, because a closed connection may call onClosed at once.
    demand = connection.receive(this);
  }

  static MessageMulticast receiverOf(ManagedConnection connection) {
    MessageMulticast messages = new MessageMulticast(connection);
    messages.ask();
    return messages;
  }

  @Override
  public void onMessage(Message message) {
    List<Seat> takers;
    lock.lock();
    try {
      lastReceived++;
      takers = seats;
    } finally {
      lock.unlock();
    }
    Throwable thrown = null;
    for (Seat taker : takers) {
      try {
        taker.next(message);
      } catch (Throwable t) {
        thrown = firstOf(thrown, t);
      }
    }
    ask();
    rethrow(thrown);
  }

  @Override
  public void onClosed() {
    List<Seat> takers;
    lock.lock();
    try {
      closed = true;
      takers = seats;
      seats = List.of();
    } finally {
      lock.unlock();
    }
    Throwable thrown = null;
    for (Seat taker : takers) {
      try {
        taker.end();
      } catch (Throwable t) {
        thrown = firstOf(thrown, t);
      }
    }
    rethrow(thrown);
  }

  @Override
  protected void subscribeActual(Subscriber<? super Message> subscriber) {
    give(subscriber, new Seat(subscriber));
  }

  /** Subscribes one who holds nobody up: what it has not asked for is dropped as it says. */
  void subscribe(Subscriber<? super Message> subscriber, OnOverflow onOverflow) {
    give(subscriber, new DroppingSeat(subscriber, onOverflow.newQueue()));
  }

  private void give(Subscriber<? super Message> subscriber, Seat seat) {
    subscriber.onSubscribe(seat);
    if (!join(seat)) {
      seat.end();
    } else if (seat.isOver()) {
      leave(seat);
    } else {
      ask();
    }
  }

  private boolean join(Seat seat) {
    lock.lock();
    try {
      if (closed) return false;
      seat.joinedAfter = lastReceived;
      List<Seat> joined = new ArrayList<>(seats);
      joined.add(seat);
      seats = joined;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Seat seat) {
    lock.lock();
    try {
      List<Seat> left = new ArrayList<>(seats);
      left.remove(seat);
      seats = left;
    } finally {
      lock.unlock();
    }
    ask();
  }

  private void ask() {
    long count;
    lock.lock();
    try {
      count = Math.max(0, mayAskFor() - lastAskedFor);
      lastAskedFor += count;
    } finally {
      lock.unlock();
    }
    // Outside the lock, for a core with a direct executor calls onMessage from here.
    if (count > 0) demand.request(count);
  }

  private long mayAskFor() {
    if (closed || lastAskedFor - lastReceived > REFILL_AT) return lastAskedFor;
    // With nobody there, messages are asked for one by one and dropped, so that the first to join
    // finds
    // no more than one outstanding.
    if (seats.isEmpty()) return lastReceived + 1;
    long last = Long.MAX_VALUE;
    for (Seat seat : seats) last = Math.min(last, seat.lastItMayGet());
    return last;
  }

  private static Throwable firstOf(@Nullable Throwable first, Throwable next) {
    if (first == null) return next;
    if (first != next) first.addSuppressed(next);
    return first;
  }

  // To the core, which logs it: the subscriber that threw has lost its subscription and hears no
  // more.
  private static void rethrow(@Nullable Throwable thrown) {
    if (thrown != null) throw Exceptions.propagate(thrown);
  }

  private class Seat extends StreamSubscription<Message> {
    // Guarded by `lock`; the number of the last message that came before it was there.
    private long joinedAfter;

    Seat(Subscriber<? super Message> subscriber) {
      super(subscriber);
    }

    Seat(Subscriber<? super Message> subscriber, Queue<Message> parked) {
      super(subscriber, parked);
    }

    // Bounded by what it has taken, not by what was received: while another thread is still
    // emitting what
    // was parked, more is parked behind it.
    long lastItMayGet() {
      return joinedAfter + Math.min(requested(), emitted() + WINDOW);
    }

    @Override
    void advanced() {
      ask();
    }

    @Override
    void released() {
      leave(this);
    }
  }

  private final class DroppingSeat extends Seat {
    DroppingSeat(Subscriber<? super Message> subscriber, Queue<Message> parked) {
      super(subscriber, parked);
    }

    @Override
    long lastItMayGet() {
      return lastReceived + WINDOW;
    }
  }
}
