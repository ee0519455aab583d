package io.holdfast.rx;

import io.holdfast.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which requests wait, by key, and how the latest of those that do not have ended. */
final class AnswerBook<K> {
  private final int remembered;
  private final Lock lock = new ReentrantLock();

  // Guarded by `lock`. A key is in one of the two at most.
  private final Map<K, Exchange> waiting = new HashMap<>();
  private final Map<K, Boolean> answeredByEnded = new LinkedHashMap<>();
  private boolean closed;

  AnswerBook(int remembered) {
    this.remembered = remembered;
  }

  /** Enters a request; returns what forbids it, or null. */
  @Nullable RuntimeException enter(K key, Exchange exchange) {
    lock.lock();
    try {
      if (closed) return new RequestException.ConnectionClosed();
      if (waiting.putIfAbsent(key, exchange) != null) {
        return new IllegalStateException("key must not be of a request that waits but was " + key);
      }
      answeredByEnded.remove(key);
      return null;
    } finally {
      lock.unlock();
    }
  }

  void ended(K key, Exchange exchange, boolean answered) {
    lock.lock();
    try {
      if (!waiting.remove(key, exchange)) return;
      answeredByEnded.put(key, answered);
      if (answeredByEnded.size() > remembered) {
        answeredByEnded.remove(answeredByEnded.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  @Nullable Exchange waitingFor(K key) {
    lock.lock();
    try {
      return waiting.get(key);
    } finally {
      lock.unlock();
    }
  }

  StrayAnswer<K> stray(K key, Message message) {
    Boolean answered;
    lock.lock();
    try {
      answered = waiting.containsKey(key) ? Boolean.FALSE : answeredByEnded.get(key);
    } finally {
      lock.unlock();
    }
    if (answered == null) return new StrayAnswer.Unknown<>(key, message);
    return answered
        ? new StrayAnswer.Duplicate<>(key, message)
        : new StrayAnswer.Late<>(key, message);
  }

  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Enters nothing more, and returns those who wait. */
  List<Exchange> close() {
    lock.lock();
    try {
      closed = true;
      return new ArrayList<>(waiting.values());
    } finally {
      lock.unlock();
    }
  }
}
