package io.holdfast.sample.demo;

import java.time.Duration;
import java.util.List;

/**
 * The characters that small pictures are made of.
 *
 * @param levels from low to high, for a curve
 * @param full a part of a bar that is filled
 * @param empty a part of a bar that is not
 * @param fault a part of a script where something is broken
 * @param now where a script has come to
 */
record Glyphs(String levels, char full, char empty, char fault, char now) {
  static final Glyphs ASCII = new Glyphs("_.-:=+*#", '#', '.', 'x', '|');
  static final Glyphs BLOCKS =
      new Glyphs(
          "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588",
          '\u2588',
          '\u00b7',
          '\u2592',
          '\u2503');

  /** A bar of {@code width} characters, of which {@code value} of {@code most} are filled. */
  String bar(long value, long most, int width) {
    int filled = most <= 0 ? 0 : (int) Math.min(width, (value * width + most - 1) / most);
    return String.valueOf(full).repeat(filled) + String.valueOf(empty).repeat(width - filled);
  }

  /** A curve with one character for each value, from nothing to the highest. */
  String curve(List<Duration> values) {
    long highest = values.stream().mapToLong(Duration::toNanos).max().orElse(0);
    StringBuilder curve = new StringBuilder();
    for (Duration value : values) {
      long level = highest == 0 ? 0 : value.toNanos() * (levels.length() - 1) / highest;
      curve.append(levels.charAt((int) level));
    }
    return curve.toString();
  }

  /** A script as a strip of {@code width} characters, with what is broken when, and the time. */
  String strip(FaultScript script, Duration elapsed, Duration whole, int width) {
    StringBuilder strip = new StringBuilder(String.valueOf(empty).repeat(width));
    for (FaultScript.Scene scene : script.scenes()) {
      int last = column(scene.endsAt(), whole, width);
      for (int i = column(scene.at(), whole, width); i <= last; i++) strip.setCharAt(i, fault);
    }
    strip.setCharAt(column(elapsed, whole, width), now);
    return strip.toString();
  }

  private static int column(Duration at, Duration whole, int width) {
    return (int) Math.min(width - 1, at.toMillis() * width / Math.max(1, whole.toMillis()));
  }
}
