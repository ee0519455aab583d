package io.holdfast.sample.android;

import io.holdfast.ConnectionState;
import io.holdfast.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the screen shows. Immutable: each change makes a new one.
 *
 * @param sinceMillis when the state began, of the time since the device was started
 * @param roundTrip the newest, null if none has been measured on this connection
 * @param lines the newest messages, the newest last
 */
record Screen(
    ConnectionState state, long sinceMillis, @Nullable Duration roundTrip, List<Line> lines) {
  private static final int MOST_LINES = 200;

  /** Before the first connection. */
  static final Screen BLANK = new Screen(new ConnectionState.Idle(), 0, null, List.of());

  Screen withState(ConnectionState state, long sinceMillis) {
    return new Screen(state, sinceMillis, roundTrip, lines);
  }

  Screen withRoundTrip(@Nullable Duration roundTrip) {
    return new Screen(state, sinceMillis, roundTrip, lines);
  }

  Screen withLine(Line line) {
    List<Line> more = new ArrayList<>(lines);
    if (more.size() == MOST_LINES) more.remove(0);
    more.add(line);
    return new Screen(state, sinceMillis, roundTrip, List.copyOf(more));
  }

  /** The line may be gone by now: then nothing changes. Null for one that is under way again. */
  Screen withFate(long id, @Nullable Fate fate) {
    List<Line> told = new ArrayList<>(lines);
    told.replaceAll(line -> line.id() == id ? line.withFate(fate) : line);
    return new Screen(state, sinceMillis, roundTrip, List.copyOf(told));
  }
}
