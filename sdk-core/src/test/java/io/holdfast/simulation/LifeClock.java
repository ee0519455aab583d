package io.holdfast.simulation;

import io.holdfast.Clock;
import java.util.HashSet;
import java.util.Set;

/** The device's clock as one connection uses it: counts the connection's timers. */
final class LifeClock implements Clock {
  private final Device device;
  private final Set<Counted> running = new HashSet<>();

  LifeClock(Device device) {
    this.device = device;
  }

  /** Returns the device's time, counted from zero. */
  long elapsedNanos() {
    return device.elapsedNanos();
  }

  /** Returns how many timers are running. */
  int running() {
    return running.size();
  }

  @Override
  public long nanoTime() {
    return device.nanoTime();
  }

  @Override
  public long wallMillis() {
    return device.wallMillis();
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Counted timer = new Counted();
    running.add(timer);
    timer.start(task, delayNanos);
    return timer;
  }

  /** Nothing of it fires any more. */
  void die() {
    for (Counted timer : running) timer.silence();
    running.clear();
  }

  private final class Counted implements Timer {
    private Timer inner = () -> {};

    private void start(Runnable task, long delayNanos) {
      inner =
          device.schedule(
              () -> {
                running.remove(this);
                task.run();
              },
              delayNanos);
    }

    private void silence() {
      inner.stop();
    }

    @Override
    public void stop() {
      running.remove(this);
      silence();
    }
  }
}
