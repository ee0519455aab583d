package io.holdfast.sample.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.Fate;
import io.holdfast.sample.terminal.Line;
import io.holdfast.sample.terminal.Line.Tone;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FateRunsTest {
  private final FateRuns runs = new FateRuns();

  @Test
  void likeFatesOfLinesInARowAreOne() {
    add(3, new Fate.Confirmed(), 12);
    add(4, new Fate.Confirmed(), 40);
    add(5, new Fate.Confirmed(), 11);
    add(7, new Fate.Confirmed(), 11);
    add(8, new Fate.Rejected(Fate.Rejected.Reason.QUEUE_FULL), 0);
    add(9, new Fate.InDoubt(Fate.InDoubt.Reason.CONNECTION_CLOSED, null), 5);

    assertThat(runs.take())
        .containsExactly(
            new Line(Tone.PLAIN, "-> FATE", "lines 3 to 5 confirmed after 11 to 40 ms"),
            new Line(Tone.PLAIN, "-> FATE", "line 7 confirmed after 11 ms"),
            new Line(Tone.WARNING, "-> FATE", "line 8 rejected, queue full after 0.0 ms"),
            new Line(Tone.WARNING, "-> FATE", "line 9 in doubt, connection closed after 5.0 ms"));
    assertThat(runs.take()).isEmpty();
  }

  private void add(long number, Fate fate, long millis) {
    runs.add(new Ended(number, 1, fate, Duration.ofMillis(millis)));
  }
}
