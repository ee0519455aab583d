package io.holdfast.sample;

/**
 * One line of the timeline.
 *
 * @param label what kind of thing happened, in at most ten characters
 */
public record Line(Tone tone, String label, String text) {

  /** How a line is to be felt, and its colour on a terminal. */
  public enum Tone {
    PLAIN(""),
    FAINT("2"),
    GOOD("32"),
    WARNING("33"),
    BAD("31"),
    FAULT("1;35");

    /** What a terminal is told (SGR); empty for its own colour. */
    final String sgr;

    Tone(String sgr) {
      this.sgr = sgr;
    }
  }
}
