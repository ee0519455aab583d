package io.holdfast.sample.demo;

import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Texts;
import java.time.Duration;
import java.util.Locale;

/** How the connection stands, in words. */
record Standing(String name, Tone tone, String text) {
  static final Standing STARTING = new Standing("STARTING", Tone.WARNING, "the process starts");

  static Standing of(ConnectionState state, Duration inState) {
    return new Standing(
        state.getClass().getSimpleName().toUpperCase(Locale.ROOT),
        tone(state),
        text(state, inState));
  }

  private static Tone tone(ConnectionState state) {
    if (state instanceof Open) return Tone.GOOD;
    return state instanceof Closing || state instanceof Closed ? Tone.PLAIN : Tone.WARNING;
  }

  private static String text(ConnectionState state, Duration inState) {
    if (state instanceof Waiting waiting) {
      Duration left = waiting.delay().minus(inState);
      return "attempt %d in %s"
          .formatted(
              waiting.nextAttempt(), Texts.seconds(left.isNegative() ? Duration.ZERO : left));
    }
    String lasted = "for " + Texts.seconds(inState);
    return state instanceof Open open
        ? "transport %d, %s".formatted(open.generation(), lasted)
        : lasted;
  }
}
