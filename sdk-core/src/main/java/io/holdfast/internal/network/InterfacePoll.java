package io.holdfast.internal.network;

import io.holdfast.Clock;
import io.holdfast.Registration;
import io.holdfast.internal.network.SleepDetector.Sleep;
import io.holdfast.network.NetworkMonitor.Listener;
import io.holdfast.network.NetworkStatus;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the interfaces for as long as someone listens: now and then, soon again while something
 * changes, and at once for a new listener. One look at a time, which also tells what is new, so
 * that each listener hears things in their order.
 */
public final class InterfacePoll {
  private static final Logger log = LoggerFactory.getLogger(InterfacePoll.class);

  private final Interfaces interfaces;
  private final Clock clock;
  private final Executor io;
  private final long periodNanos;

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final Set<Entry> entries = new LinkedHashSet<>();
  private boolean looking;
  private boolean lookAgain;
  private Clock.@Nullable Timer timer;
  private long sleptNanos;
  private SleepDetector sleep = new SleepDetector();
  // The look that is under way owns it, and the lock otherwise.
  private SteadyStatus steady;

  /** A listener, and what it was last told, which the look that is under way owns. */
  private static final class Entry {
    private final Listener listener;
    private @Nullable NetworkStatus told;
    private volatile boolean closed;

    private Entry(Listener listener) {
      this.listener = listener;
    }
  }

  /** Looks at the operating system's interfaces on {@code io}, every {@code period}. */
  public InterfacePoll(Clock clock, Executor io, Duration period) {
    this(new JdkInterfaces(), clock, io, period);
  }

  InterfacePoll(Interfaces interfaces, Clock clock, Executor io, Duration period) {
    this.interfaces = interfaces;
    this.clock = clock;
    this.io = io;
    this.periodNanos = period.toNanos();
    steady = new SteadyStatus(periodNanos);
  }

  /** Tells {@code listener} the status soon, and each change. */
  public Registration listen(Listener listener) {
    Entry entry = new Entry(listener);
    lock.lock();
    try {
      entries.add(entry);
    } finally {
      lock.unlock();
    }
    look();
    return () -> remove(entry);
  }

  private void remove(Entry entry) {
    entry.closed = true;
    lock.lock();
    try {
      entries.remove(entry);
      if (entries.isEmpty() && !looking) stop();
    } finally {
      lock.unlock();
    }
  }

  // What is known is old by the time someone listens again. Called with the lock held.
  private void stop() {
    if (timer != null) timer.stop();
    timer = null;
    steady = new SteadyStatus(periodNanos);
    sleep = new SleepDetector();
    sleptNanos = 0;
  }

  // ---- Looking

  private void look() {
    lock.lock();
    try {
      lookAgain = looking;
      if (looking) return;
      looking = true;
      if (timer != null) timer.stop();
      timer = null;
    } finally {
      lock.unlock();
    }
    try {
      io.execute(this::lookUntilAllIsTold);
    } catch (Throwable e) {
      // Such as a process that may have no more threads.
      log.warn("Nothing could look at the network; next time", e);
      mayRest(periodNanos);
    }
  }

  private void lookUntilAllIsTold() {
    long restNanos;
    do {
      restNanos = lookOnce();
      tell();
    } while (!mayRest(restNanos));
  }

  private long lookOnce() {
    try {
      return steady.saw(interfaces.look().status(), clock.nanoTime());
    } catch (Throwable e) {
      // Whatever it is: without an answer nobody would look any more.
      log.debug("The interfaces could not be read", e);
      return periodNanos;
    }
  }

  private boolean mayRest(long restNanos) {
    lock.lock();
    try {
      if (lookAgain) {
        lookAgain = false;
        return false;
      }
      looking = false;
      if (entries.isEmpty()) stop();
      else startTimer(restNanos);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void startTimer(long restNanos) {
    long now = clock.nanoTime();
    sleptNanos = Math.max(sleptNanos, sleep.look(now, clock.wallMillis()));
    long dueNanos = now + restNanos;
    timer = clock.schedule(() -> fire(dueNanos), restNanos);
  }

  private void fire(long dueNanos) {
    lock.lock();
    try {
      Sleep slept = sleep.fired(dueNanos, clock.nanoTime(), clock.wallMillis());
      sleptNanos = Math.max(sleptNanos, slept.nanos());
    } finally {
      lock.unlock();
    }
    look();
  }

  // ---- Telling

  private void tell() {
    List<Entry> all;
    long slept;
    lock.lock();
    try {
      all = List.copyOf(entries);
      slept = sleptNanos;
      sleptNanos = 0;
    } finally {
      lock.unlock();
    }
    NetworkStatus status = steady.current();
    for (Entry entry : all) tell(entry, status, slept);
  }

  private static void tell(Entry entry, @Nullable NetworkStatus status, long slept) {
    try {
      if (slept > 0 && entry.told != null && !entry.closed) {
        entry.listener.onWoke(Duration.ofNanos(slept));
      }
      if (status != null && !status.equals(entry.told) && !entry.closed) {
        entry.told = status;
        entry.listener.onStatus(status);
      }
    } catch (Throwable e) {
      log.warn("A listener threw", e);
    }
  }
}
