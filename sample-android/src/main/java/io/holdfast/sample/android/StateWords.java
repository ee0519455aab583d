package io.holdfast.sample.android;

import android.content.res.Resources;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Closing;
import io.holdfast.ConnectionState.Connecting;
import io.holdfast.ConnectionState.Idle;
import io.holdfast.ConnectionState.Offline;
import io.holdfast.ConnectionState.Open;
import io.holdfast.ConnectionState.Waiting;
import java.time.Duration;

/**
 * How a state reads.
 *
 * @param colour a resource
 */
record StateWords(int colour, String words, String detail) {

  /** The words for a state that began just now. */
  static StateWords of(ConnectionState state, Resources text) {
    return of(state, Duration.ZERO, text);
  }

  /** The words for a state that has lasted for so long already. */
  static StateWords of(ConnectionState state, Duration lasted, Resources text) {
    if (state instanceof Idle) {
      return words(
          text, R.color.neutral, R.string.state_idle, text.getString(R.string.detail_idle));
    }
    if (state instanceof Connecting connecting) {
      String detail = text.getString(R.string.detail_attempt, connecting.attempt());
      return words(text, R.color.pending, R.string.state_connecting, detail);
    }
    if (state instanceof Open open) {
      Duration took = Duration.ofNanos(open.timeline().totalNanos());
      String detail =
          text.getString(R.string.detail_transport, open.generation(), duration(took, text));
      return words(text, R.color.good, R.string.state_open, detail);
    }
    if (state instanceof Waiting waiting) {
      String cause = String.valueOf(waiting.cause().getMessage());
      long left = secondsLeft(waiting.delay().minus(lasted));
      String detail = text.getString(R.string.detail_waiting, waiting.nextAttempt(), left, cause);
      return words(text, R.color.pending, R.string.state_waiting, detail);
    }
    if (state instanceof Offline offline) return offline(offline, text);
    if (state instanceof Closing closing) {
      String detail = text.getString(R.string.detail_closing, closing.code());
      return words(text, R.color.neutral, R.string.state_closing, detail);
    }
    if (state instanceof Closed closed) return closed(closed, text);
    throw new AssertionError(state);
  }

  private static StateWords offline(Offline offline, Resources text) {
    return switch (offline.reason()) {
      case NO_NETWORK ->
          words(
              text,
              R.color.bad,
              R.string.state_no_network,
              text.getString(R.string.detail_offline));
      case SUSPENDED ->
          words(
              text,
              R.color.neutral,
              R.string.state_suspended,
              text.getString(R.string.detail_suspended));
    };
  }

  private static StateWords closed(Closed closed, Resources text) {
    ConnectionException cause = closed.cause();
    return cause == null
        ? words(
            text,
            R.color.neutral,
            R.string.state_closed,
            text.getString(R.string.detail_closed, closed.code()))
        : words(
            text,
            R.color.bad,
            R.string.state_closed,
            text.getString(R.string.detail_closed_by, closed.code(), cause.getMessage()));
  }

  private static StateWords words(Resources text, int colour, int words, String detail) {
    return new StateWords(colour, text.getString(words), detail);
  }

  // Rounded up, so that it says 1 until the attempt starts.
  private static long secondsLeft(Duration left) {
    return left.isNegative() ? 0 : (left.toMillis() + 999) / 1000;
  }

  /** In milliseconds, or in seconds from one second on. */
  static String duration(Duration duration, Resources text) {
    double millis = duration.toNanos() / 1e6;
    return millis < 1000
        ? text.getString(R.string.milliseconds, millis)
        : text.getString(R.string.seconds, millis / 1000);
  }
}
