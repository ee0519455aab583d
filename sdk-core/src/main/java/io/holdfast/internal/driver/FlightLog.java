package io.holdfast.internal.driver;

import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import io.holdfast.internal.telemetry.Durations;
import io.holdfast.internal.telemetry.Facts;
import io.holdfast.internal.telemetry.Secrets;
import io.holdfast.internal.telemetry.Telemetry;
import io.holdfast.internal.telemetry.Telemetry.Counted;
import io.holdfast.internal.telemetry.Words;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Telemetry's lock, and the log of the connection's life: quiet at info, everything at debug, in
 * the words of the history. The mailbox tells of states and of most events, the callback thread of
 * deliveries and of the outbox; anyone reads.
 */
final class FlightLog {
  private static final Logger log = LoggerFactory.getLogger("io.holdfast.connection");

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  // The lock owns it.
  private final Telemetry telemetry;

  FlightLog(int historyEntries, URI uri, Clock clock) {
    this.clock = clock;
    telemetry = new Telemetry(historyEntries, Secrets.of(uri), clock.nanoTime());
  }

  /** An attempt goes out with {@code request}. */
  void requested(ConnectRequest request) {
    lock.lock();
    try {
      telemetry.conceal(Secrets.of(request));
    } finally {
      lock.unlock();
    }
  }

  void became(ConnectionState state) {
    long now = clock.nanoTime();
    long outageNanos;
    Secrets secrets;
    boolean again;
    lock.lock();
    try {
      outageNanos = telemetry.outageNanos(now);
      telemetry.became(state, now);
      secrets = telemetry.secrets();
      // The event of this one came before.
      again = telemetry.transportsOpened() > 1;
    } finally {
      lock.unlock();
    }
    Level level = level(state);
    if (!log.isEnabledForLevel(level)) return;
    String words = state instanceof Open ? open(again, outageNanos) : Words.of(state, secrets);
    if (words == null) return;
    if (level == Level.WARN) words += whatCameBefore();
    Map<String, Object> facts = Facts.of(state);
    if (again && state instanceof Open) facts.put("outageMs", outageNanos / 1_000_000);
    write(level, words, facts, secrets);
  }

  private static Level level(ConnectionState state) {
    if (state instanceof Open) return Level.INFO;
    return state instanceof Closed closed && closed.cause() != null ? Level.WARN : Level.DEBUG;
  }

  private static String open(boolean again, long outageNanos) {
    String took = Durations.words(outageNanos);
    return again ? "open again after an outage of " + took : "open after " + took;
  }

  private String whatCameBefore() {
    List<String> lines = history();
    return lines.isEmpty() ? "" : "\n" + String.join("\n", lines);
  }

  void happened(ConnectionEvent event) {
    long now = clock.nanoTime();
    Secrets secrets;
    lock.lock();
    try {
      telemetry.happened(event, now);
      secrets = telemetry.secrets();
    } finally {
      lock.unlock();
    }
    if (!log.isDebugEnabled()) return;
    String words = Words.of(event, secrets);
    if (words == null) return;
    write(Level.DEBUG, words, Facts.of(event), secrets);
  }

  private static void write(Level level, String words, Map<String, Object> facts, Secrets secrets) {
    try {
      LoggingEventBuilder line = log.atLevel(level).addKeyValue("connection", secrets.place());
      for (Map.Entry<String, Object> fact : facts.entrySet()) {
        line = line.addKeyValue(fact.getKey(), fact.getValue());
      }
      line.log(words);
    } catch (Throwable e) {
      // An app's appender must not stop the connection, and there is nowhere left to say it.
    }
  }

  ConnectionMetrics metrics(Counted counted) {
    long now = clock.nanoTime();
    lock.lock();
    try {
      return telemetry.metrics(counted, now);
    } finally {
      lock.unlock();
    }
  }

  List<String> history() {
    lock.lock();
    try {
      return telemetry.history();
    } finally {
      lock.unlock();
    }
  }
}
