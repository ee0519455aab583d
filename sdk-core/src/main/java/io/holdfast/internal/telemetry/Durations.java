package io.holdfast.internal.telemetry;

import java.time.Duration;

/** Times as people read them, the same in every locale. */
public final class Durations {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000 * MICRO;
  private static final long SECOND = 1_000 * MILLI;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private Durations() {}

  /** Returns such as {@code 0.3 ms}, {@code 250 ms}, {@code 1.2 s} or {@code 3 min 20 s}. */
  public static String words(long nanos) {
    if (nanos < 10 * MILLI) return tenths(nanos, MILLI) + " ms";
    if (nanos < SECOND) return nanos / MILLI + " ms";
    if (nanos < MINUTE) return tenths(nanos, SECOND) + " s";
    if (nanos < HOUR) return nanos / MINUTE + " min " + nanos % MINUTE / SECOND + " s";
    return nanos / HOUR + " h " + nanos % HOUR / MINUTE + " min";
  }

  static String words(Duration duration) {
    // More than a long holds is said as what it holds: 292 years.
    return words(duration.compareTo(LONGEST) < 0 ? duration.toNanos() : Long.MAX_VALUE);
  }

  /** Returns a moment after the start, such as {@code +12.345 s}. */
  static String sinceStart(long nanos) {
    String millis = String.valueOf(1_000 + nanos % SECOND / MILLI);
    return "+" + nanos / SECOND + "." + millis.substring(1) + " s";
  }

  private static String tenths(long nanos, long unit) {
    return nanos / unit + "." + nanos % unit / (unit / 10);
  }
}
