package io.holdfast.internal.machine;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The timers of one machine that run. */
final class Timers {
  // Enough to read what the kernel holds.
  private static final long MOMENT_NANOS = 250_000_000;

  private final Consumer<Effect> effects;
  // The token tells a timer's newest start from older ones, whose firing may be on its way.
  private final Map<Timer, Long> running = new EnumMap<>(Timer.class);
  private final Set<Timer> putOff = EnumSet.noneOf(Timer.class);
  private long lastToken;

  Timers(Consumer<Effect> effects) {
    this.effects = effects;
  }

  /** Starts it anew if it runs. */
  void start(Timer timer, long delayNanos) {
    running.put(timer, ++lastToken);
    putOff.remove(timer);
    effects.accept(new Effect.StartTimer(timer, lastToken, delayNanos));
  }

  void stop(Timer timer) {
    if (running.remove(timer) != null) effects.accept(new Effect.StopTimer(timer));
  }

  void stopAll() {
    for (Timer timer : Timer.values()) stop(timer);
  }

  boolean isRunning(Timer timer) {
    return running.containsKey(timer);
  }

  /**
   * Whether it is to be acted on: it was not stopped or started again while the event was on its
   * way, and is not put off.
   *
   * @param isDeadline whether that may end something which is waited for
   */
  boolean isOver(Event.TimerFired fired, boolean isDeadline) {
    if (!running.remove(fired.timer(), fired.token())) return false;
    return !isDeadline || !isPutOff(fired);
  }

  // Whoever was stopped for a while has not seen what came meanwhile: that is looked at first, but
  // once, as a busy machine may be late all the time.
  private boolean isPutOff(Event.TimerFired fired) {
    Timer timer = fired.timer();
    if (putOff.remove(timer) || !fired.isLate()) return false;
    start(timer, MOMENT_NANOS);
    putOff.add(timer);
    return true;
  }
}
