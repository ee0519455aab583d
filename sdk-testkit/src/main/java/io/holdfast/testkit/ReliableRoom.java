package io.holdfast.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The {@link ReliableSessions} of a {@link TestServer}, and the transports that carry them. Safe
 * from any thread.
 */
final class ReliableRoom {
  private final ReentrantLock lock = new ReentrantLock();
  // The lock guards it, and the order in which answers are queued.
  private final ReliableSessions sessions = new ReliableSessions();
  private final Map<Long, Session> transports = new ConcurrentHashMap<>();

  /**
   * A message came. A session that breaks a rule is closed.
   *
   * @param done gets each message that comes for the first time, before it is acknowledged: under
   *     the lock, so that a newer transport's come after
   */
  void received(Session transport, int number, ByteString message, Consumer<ReliableMessage> done) {
    lock.lock();
    try {
      transports.put((long) number, transport);
      ReliableSessions.Step step = sessions.received(number, message);
      step.done().forEach(done);
      step.answers().forEach(transport::send);
      String violation = step.violation();
      if (violation != null) transport.close(CloseCodes.POLICY_VIOLATION, violation);
    } finally {
      lock.unlock();
    }
  }

  /** Sends a message back on the transport that it came on. */
  void echo(int number, ReliableMessage message) {
    locked(
        () -> {
          ByteString data = sessions.push(number, message);
          if (data != null) send(number, data);
        });
  }

  void ended(int number) {
    locked(
        () -> {
          transports.remove((long) number);
          sessions.ended(number);
        });
  }

  int push(ReliableMessage message) {
    lock.lock();
    try {
      sessions.push(message).forEach(this::send);
      return sessions.count();
    } finally {
      lock.unlock();
    }
  }

  private void send(long number, ByteString message) {
    Session transport = transports.get(number);
    if (transport != null) transport.send(message);
  }

  void refuse(Function<ReliableMessage, @Nullable String> refusal) {
    locked(() -> sessions.refuse(refusal));
  }

  void forget() {
    locked(sessions::forget);
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
