package io.holdfast.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import okio.ByteString;

/** The sessions of a {@link TestServer}: counts them, tells of them, and writes the ledger. */
final class Sessions {
  final Rules rules = new Rules();
  final ReliableRoom reliable = new ReliableRoom();
  private final Ledger ledger;
  private final SessionListener listener;
  private final Runnable onChange;
  private final AtomicInteger opened = new AtomicInteger();
  // Each with its number.
  private final Map<Session, Integer> live = new ConcurrentHashMap<>();

  Sessions(Ledger ledger, SessionListener listener, Runnable onChange) {
    this.ledger = ledger;
    this.listener = listener;
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
    return (int) live.keySet().stream().filter(action).count();
  }

  /** A session has begun. Returns its number, from 1. */
  int opened(Session session) {
    int number = opened.incrementAndGet();
    listener.onOpened(number);
    live.put(session, number);
    onChange.run();
    return number;
  }

  /** A session has begun and ended. */
  void dropped() {
    int number = opened.incrementAndGet();
    listener.onOpened(number);
    listener.onEnded(number, CloseCodes.NO_CLOSE_FRAME, "");
    onChange.run();
  }

  void arrived(int number, String text) {
    listener.onText(number, text);
    ledger.record(number, text);
  }

  /** Returns whether it may be echoed as it is. */
  boolean arrived(Session session, int number, ByteString bytes) {
    if (rules.reliable) {
      reliable.received(session, number, bytes, message -> done(number, message));
      return false;
    }
    listener.onBinary(number, bytes);
    ledger.record(number, bytes.string(StandardCharsets.UTF_8));
    return rules.echo;
  }

  private void done(int number, ReliableMessage message) {
    String text = message.payload().string(StandardCharsets.UTF_8);
    if (message.text()) listener.onText(number, text);
    else listener.onBinary(number, message.payload());
    ledger.record(number, text);
    if (rules.echo) reliable.echo(number, message);
  }

  /** A session has ended without a Close; no effect if it has ended before. */
  void ended(Session session) {
    ended(session, CloseCodes.NO_CLOSE_FRAME, "");
  }

  /** A session has ended with its client's Close; no effect if it has ended before. */
  void ended(Session session, int code, String reason) {
    Integer number = live.remove(session);
    if (number == null) return;
    reliable.ended(number);
    listener.onEnded(number, code, reason);
    onChange.run();
  }

  /** The rules have changed. */
  void changed() {
    live.keySet().forEach(Session::changed);
  }

  /** All connections have been cut, so that nobody waits for what they bring. */
  void cut() {
    rules.cuts.incrementAndGet();
    changed();
  }
}
