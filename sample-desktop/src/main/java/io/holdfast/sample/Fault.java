package io.holdfast.sample;

import java.time.Duration;

/**
 * One thing that goes wrong.
 *
 * @param at from the start of the show
 * @param lasts until it is healed; zero for what happens in a moment
 */
record Fault(Kind kind, Duration at, Duration lasts) {

  Duration endsAt() {
    return at.plus(lasts);
  }

  @Override
  public String toString() {
    String begins = kind.words + " at " + Texts.seconds(at);
    return lasts.isZero() ? begins : begins + " for " + Texts.seconds(lasts);
  }

  /** What can go wrong, and how long it lasts. */
  enum Kind {
    RESTART("server restart", "the server is killed, and its port refuses", 600, 1_200),
    // Longer than a heartbeat's interval and timeout together, so that it is always found.
    BLACK_HOLE("black hole", "every byte vanishes, and neither side is told", 2_600, 3_400),
    RESET("reset", "the path cuts every connection in mid-traffic", 0, 0);

    final String words;
    final String meaning;
    final int shortestMillis;
    final int longestMillis;

    Kind(String words, String meaning, int shortestMillis, int longestMillis) {
      this.words = words;
      this.meaning = meaning;
      this.shortestMillis = shortestMillis;
      this.longestMillis = longestMillis;
    }
  }
}
