package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Bounds the time from the moment that a transport is lost until its stream is closed. */
final class ClosingDeadline {
  static final long NANOS = SECONDS.toNanos(2);

  private final Clock clock;
  private final Runnable whenOver;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile Clock.@Nullable Timer timer;

  ClosingDeadline(Clock clock, Runnable whenOver) {
    this.clock = clock;
    this.whenOver = whenOver;
  }

  /** Begins it, unless it has begun. */
  void begin() {
    if (begun.compareAndSet(false, true)) timer = clock.schedule(whenOver, NANOS);
  }

  /** Ends it, after whoever began it has gone. */
  void stop() {
    Clock.Timer begunTimer = timer;
    if (begunTimer != null) begunTimer.stop();
  }
}
