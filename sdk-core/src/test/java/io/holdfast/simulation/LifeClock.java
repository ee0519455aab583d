package io.holdfast.simulation;

import io.holdfast.Clock;

/** The device's clock as one connection uses it: counts the connection's timers. */
final class LifeClock implements Clock {
  private final Device device;
  private int running;

  LifeClock(Device device) {
    this.device = device;
  }

  /** Returns how many timers are running. */
  int running() {
    return running;
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
    Timer inner =
        device.schedule(
            () -> {
              timer.over();
              task.run();
            },
            delayNanos);
    running++;
    return () -> {
      timer.over();
      inner.stop();
    };
  }

  private final class Counted {
    private boolean over;

    private void over() {
      if (!over) running--;
      over = true;
    }
  }
}
