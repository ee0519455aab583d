package io.holdfast.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The sessions of a {@link TestServer}: counts them, and writes the ledger. */
final class Sessions {
  final Rules rules = new Rules();
  private final Ledger ledger;
  private final Runnable onChange;
  private final AtomicInteger opened = new AtomicInteger();
  private final Set<Session> live = ConcurrentHashMap.newKeySet();

  Sessions(Ledger ledger, Runnable onChange) {
    this.ledger = ledger;
    this.onChange = onChange;
  }

  int opened() {
    return opened.get();
  }

  int live() {
    return live.size();
  }

  /** Does {@code action} with every live session and counts those that agreed to it. */
  int each(Predicate<Session> action) {
    return (int) live.stream().filter(action).count();
  }

  /** A session has begun. Returns its number, from 1. */
  int opened(Session session) {
    int number = opened.incrementAndGet();
    live.add(session);
    onChange.run();
    return number;
  }

  /** A session has begun and ended. */
  void dropped() {
    opened.incrementAndGet();
    onChange.run();
  }

  void arrived(int number, String text) {
    ledger.record(number, text);
  }

  void ended(Session session) {
    if (live.remove(session)) onChange.run();
  }

  /** The rules have changed. */
  void changed() {
    live.forEach(Session::changed);
  }

  /** All connections have been cut, so that nobody waits for what they bring. */
  void cut() {
    rules.cuts.incrementAndGet();
    changed();
  }
}
