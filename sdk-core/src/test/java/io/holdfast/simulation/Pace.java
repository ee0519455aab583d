package io.holdfast.simulation;

import io.holdfast.Heartbeat;
import java.time.Duration;

/** Which of a connection's two heartbeats is in force, as the app comes and goes. */
final class Pace {
  private final Heartbeat foreground;
  private final Heartbeat background;
  private boolean behind;
  private long switchedAtNanos = Long.MIN_VALUE;

  Pace(Setup setup) {
    foreground = setup.heartbeat();
    Heartbeat other = setup.background();
    background = other == null ? foreground : other;
  }

  boolean isInBackground() {
    return behind;
  }

  void enter(boolean background, long nowNanos) {
    behind = background;
    switchedAtNanos = nowNanos;
  }

  /** Returns when the app last came or went. */
  long switchedAtNanos() {
    return switchedAtNanos;
  }

  Heartbeat inForce() {
    return behind ? background : foreground;
  }

  /** Returns the longest time that a peer may have had if it was asked then, or later. */
  Duration longestTimeout(long sinceNanos) {
    return longer(inForce().timeout(), before(sinceNanos).timeout());
  }

  Duration longestPromptTimeout(long sinceNanos) {
    return longer(inForce().promptTimeout(), before(sinceNanos).promptTimeout());
  }

  Duration shortestTimeout(long sinceNanos) {
    return shorter(inForce().timeout(), before(sinceNanos).timeout());
  }

  Duration shortestPromptTimeout(long sinceNanos) {
    return shorter(inForce().promptTimeout(), before(sinceNanos).promptTimeout());
  }

  Duration shortestInterval(long sinceNanos) {
    return shorter(inForce().interval(), before(sinceNanos).interval());
  }

  // There are but two.
  private Heartbeat before(long sinceNanos) {
    if (switchedAtNanos < sinceNanos) return inForce();
    return behind ? foreground : background;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
