package io.holdfast.micrometer;

import io.holdfast.ConnectionMetrics;
import io.holdfast.ConnectionState;
import io.holdfast.ManagedConnection;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A connection's numbers, taken once for the many meters of one scrape. */
final class Snapshots {
  private static final long FRESH_NANOS = Duration.ofMillis(100).toNanos();

  private final ManagedConnection connection;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock owns the fields below.
  private @Nullable ConnectionMetrics newest;
  private long takenAtNanos;

  Snapshots(ManagedConnection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
  }

  boolean isOpen() {
    return connection.state() instanceof ConnectionState.Open;
  }

  /** Returns numbers that are at most 100 ms old. */
  ConnectionMetrics get() {
    lock.lock();
    try {
      long now = clock.monotonicTime();
      ConnectionMetrics known = newest;
      if (known != null && now - takenAtNanos < FRESH_NANOS) return known;
      takenAtNanos = now;
      newest = known = connection.metrics();
      return known;
    } finally {
      lock.unlock();
    }
  }
}
