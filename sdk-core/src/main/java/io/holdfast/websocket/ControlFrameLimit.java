package io.holdfast.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.Clock;
import io.holdfast.ConnectionException.ProtocolViolated;

/**
 * Bounds how many control frames a peer sends within a second. They cost no memory, for only the
 * latest ping is answered; but a flood of them costs work that no message of the app's asks for.
 */
final class ControlFrameLimit {
  private static final long WINDOW_NANOS = SECONDS.toNanos(1);

  private final int frames;
  private final Clock clock;

  // The reading thread alone.
  private long windowBeganNanos;
  private int counted;

  ControlFrameLimit(int frames, Clock clock) {
    this.frames = frames;
    this.clock = clock;
  }

  /** Counts one more. */
  void count() throws ProtocolViolated {
    long now = clock.nanoTime();
    if (counted == 0 || now - windowBeganNanos >= WINDOW_NANOS) {
      windowBeganNanos = now;
      counted = 0;
    }
    if (++counted <= frames) return;
    throw new ProtocolViolated(
        CloseFrame.POLICY_VIOLATED, "control frames must be <= " + frames + " a second");
  }
}
