package io.holdfast.endtoend;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionListener;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Keeps what a connection tells, with the time of each, and waits for it. */
final class States implements ConnectionListener {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  private final List<Told> all = new ArrayList<>();

  /** A state or an event, and when it was told. */
  record Told(Object what, long atNanos) {}

  static States of(ManagedConnection connection) {
    States states = new States();
    connection.addListener(states);
    return states;
  }

  @Override
  public void onState(ConnectionState state) {
    add(state);
  }

  @Override
  public void onEvent(ConnectionEvent event) {
    add(event);
  }

  private void add(Object what) {
    lock.lock();
    try {
      all.add(new Told(what, System.nanoTime()));
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the {@code count}th of a kind. */
  <T> Told await(Class<T> kind, int count) {
    return await(kind, what -> true, count);
  }

  /** Waits for the {@code count}th of a kind that {@code test} holds for. */
  <T> Told await(Class<T> kind, Predicate<T> test, int count) {
    long left = PATIENCE.toNanos();
    lock.lock();
    try {
      while (true) {
        int seen = 0;
        for (Told each : all) {
          if (!kind.isInstance(each.what) || !test.test(kind.cast(each.what))) continue;
          if (++seen == count) return each;
        }
        if (left <= 0) throw new AssertionError("no " + kind.getSimpleName() + " in " + all);
        left = told.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  /** Returns all of a kind told so far. */
  <T> List<T> all(Class<T> kind) {
    lock.lock();
    try {
      return all.stream().map(Told::what).filter(kind::isInstance).map(kind::cast).toList();
    } finally {
      lock.unlock();
    }
  }
}
