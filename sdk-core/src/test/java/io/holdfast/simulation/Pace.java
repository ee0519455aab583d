package io.holdfast.simulation;

import io.holdfast.Heartbeat;
import java.time.Duration;

/** Which of a connection's two heartbeats is in force, as the app comes and goes. */
final class Pace {
  private final Heartbeat foreground;
  private final Heartbeat background;
  private final Heart heart;
  private boolean behind;
  private long switchedAtNanos = Long.MIN_VALUE;

  Pace(Setup setup) {
    foreground = setup.heartbeat();
    Heartbeat other = setup.background();
    background = other == null ? foreground : other;
    heart = setup.heart();
  }

  boolean isInBackground() {
    return behind;
  }

  void enter(boolean background, long nowNanos) {
    if (behind == background) return;
    behind = background;
    switchedAtNanos = nowNanos;
  }

  /** Returns when the app last came or went. */
  long switchedAtNanos() {
    return switchedAtNanos;
  }

  Heartbeat inForce() {
    return of(behind);
  }

  private Heartbeat of(boolean behind) {
    return behind ? background : foreground;
  }

  /** Returns what the one in force goes by. */
  Heart.Beat beat() {
    return beat(behind);
  }

  private Heart.Beat beat(boolean behind) {
    return behind ? heart.background() : heart.foreground();
  }

  /** Whether the one in force then, or later, does without pongs. */
  boolean didWithoutPongs(long sinceNanos) {
    return beat().doesWithoutPongs() || beat(before(sinceNanos)).doesWithoutPongs();
  }

  /** Whether the one in force then, or later, goes by that. */
  boolean mayHaveGoneBy(Heart.Kind kind, long sinceNanos) {
    return beat().kind() == kind || beat(before(sinceNanos)).kind() == kind;
  }

  /** Returns the longest interval of the one in force. */
  Duration longestInterval() {
    return beat().learns() ? beat().most() : inForce().interval();
  }

  /** Returns the longest time that a peer may have had if it was asked then, or later. */
  Duration longestTimeout(long sinceNanos) {
    return longer(inForce().timeout(), of(before(sinceNanos)).timeout());
  }

  Duration longestPromptTimeout(long sinceNanos) {
    return longer(inForce().promptTimeout(), of(before(sinceNanos)).promptTimeout());
  }

  Duration shortestTimeout(long sinceNanos) {
    return shorter(inForce().timeout(), of(before(sinceNanos)).timeout());
  }

  Duration shortestPromptTimeout(long sinceNanos) {
    return shorter(inForce().promptTimeout(), of(before(sinceNanos)).promptTimeout());
  }

  Duration shortestInterval(long sinceNanos) {
    return shorter(shortestInterval(behind), shortestInterval(before(sinceNanos)));
  }

  private Duration shortestInterval(boolean behind) {
    Heart.Beat beat = beat(behind);
    return beat.learns() ? beat.least() : of(behind).interval();
  }

  // There are but two.
  private boolean before(long sinceNanos) {
    return switchedAtNanos < sinceNanos ? behind : !behind;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
