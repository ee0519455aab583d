package io.holdfast.sample.terminal;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as people type them: {@code 15s}, {@code 2m}, {@code 500ms}, {@code 1h}. */
public final class Durations {
  // Six digits: no unit can overflow.
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

  private Durations() {}

  /**
   * Returns the duration that {@code text} says.
   *
   * @throws IllegalArgumentException if it says none
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "duration must be a number and ms, s, m or h, such as 15s or 2m, but was " + text);
    }
    long number = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> throw new AssertionError(text);
    };
  }
}
