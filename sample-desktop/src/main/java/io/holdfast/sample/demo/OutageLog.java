package io.holdfast.sample.demo;

import io.holdfast.sample.demo.Report.Failed;
import io.holdfast.sample.demo.Report.Lost;
import io.holdfast.sample.demo.Report.Opened;
import io.holdfast.sample.demo.Report.Proved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the outages of a show, each from the loss of a transport to the next that proved itself.
 * Safe from any thread.
 */
final class OutageLog {
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  // The lock guards the fields below.
  private final List<Outage> outages = new ArrayList<>();
  private final List<FaultKind> harmless = new ArrayList<>();
  private @Nullable FaultKind fault;
  private long faultAtNanos;
  private boolean harmed;
  private boolean over = true;

  OutageLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * One outage.
   *
   * @param fault what had gone wrong; null if nothing had, that anyone knows of
   * @param cause what the first transport was lost of, in words
   * @param detectedAfter from the fault's beginning to the loss; null without a fault
   * @param lostAtNanos when that was
   * @param openAgainAfter from the loss to the opening of the newest transport; null before it
   * @param attempts how many failed or opened
   * @param sentAgain how many messages were in flight on its lost transports
   */
  record Outage(
      @Nullable FaultKind fault,
      String cause,
      @Nullable Duration detectedAfter,
      long lostAtNanos,
      @Nullable Duration openAgainAfter,
      int attempts,
      int sentAgain) {

    private Outage with(@Nullable Duration openAgainAfter, int attempts, int sentAgain) {
      return new Outage(
          fault, cause, detectedAfter, lostAtNanos, openAgainAfter, attempts, sentAgain);
    }
  }

  /** A fault begins; what is lost from now on is lost to it. */
  void begins(FaultKind kind) {
    long now = nanoTime.getAsLong();
    locked(
        () -> {
          if (fault != null && !harmed) harmless.add(fault);
          fault = kind;
          faultAtNanos = now;
          harmed = false;
        });
  }

  void add(Report report) {
    long now = nanoTime.getAsLong();
    locked(
        () -> {
          if (report instanceof Lost lost) lost(lost.cause(), lost.inFlight(), now);
          else if (over) return;
          else if (report instanceof Failed) update(null, 1, 0);
          else if (report instanceof Opened) update(sinceLoss(now), 1, 0);
          else if (report instanceof Proved) over = true;
        });
  }

  /** The process was killed, and its transport with it; if it had one, that is. */
  void killed(int inFlight) {
    long now = nanoTime.getAsLong();
    locked(() -> lost("process killed", inFlight, now));
  }

  private void lost(String cause, int inFlight, long now) {
    harmed = true;
    if (!over) {
      update(null, 0, inFlight);
      return;
    }
    over = false;
    Duration detected = fault == null ? null : Duration.ofNanos(now - faultAtNanos);
    outages.add(new Outage(fault, cause, detected, now, null, 0, inFlight));
  }

  private void update(@Nullable Duration openAgainAfter, int attempts, int sentAgain) {
    Outage last = outages.remove(outages.size() - 1);
    outages.add(
        last.with(openAgainAfter, last.attempts() + attempts, last.sentAgain() + sentAgain));
  }

  private Duration sinceLoss(long now) {
    return Duration.ofNanos(now - outages.get(outages.size() - 1).lostAtNanos());
  }

  /** All outages so far, oldest first. */
  List<Outage> outages() {
    lock.lock();
    try {
      return List.copyOf(outages);
    } finally {
      lock.unlock();
    }
  }

  /** The faults so far that cost no transport, in order. */
  List<FaultKind> harmless() {
    lock.lock();
    try {
      List<FaultKind> all = new ArrayList<>(harmless);
      if (fault != null && !harmed) all.add(fault);
      return all;
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
