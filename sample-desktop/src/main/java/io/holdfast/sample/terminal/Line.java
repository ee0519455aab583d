package io.holdfast.sample.terminal;

import io.holdfast.QueueSnapshot;
import java.time.Duration;
import java.util.Locale;

/**
 * One line of the timeline.
 *
 * @param label what kind of thing happened, in at most ten characters
 */
public record Line(Tone tone, String label, String text) {

  /** Where the messages are; a round trip of zero is not known. */
  public static Line status(long sent, long delivered, QueueSnapshot queue, Duration roundTrip) {
    return new Line(
        Tone.FAINT,
        "",
        String.format(
            Locale.ROOT,
            "sent %5d   delivered %5d   queued %4d   in flight %4d   rtt %s",
            sent,
            delivered,
            queue.queued(),
            queue.inFlight(),
            roundTrip.isZero() ? "-" : Texts.millis(roundTrip)));
  }

  /** How a line is to be felt, and its colour on a terminal. */
  public enum Tone {
    PLAIN(""),
    FAINT("2"),
    GOOD("32"),
    WARNING("33"),
    BAD("31"),
    FAULT("1;35");

    /** What a terminal is told (SGR); empty for its own colour. */
    private final String sgr;

    Tone(String sgr) {
      this.sgr = sgr;
    }

    /** The text in this colour, if colours are wanted. */
    public String apply(String text, boolean colours) {
      return colours && !sgr.isEmpty() ? "\033[" + sgr + "m" + text + "\033[0m" : text;
    }
  }
}
