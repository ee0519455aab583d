package io.holdfast.sample.watch;

import io.holdfast.sample.terminal.Line;
import io.holdfast.sample.terminal.Line.Tone;
import io.holdfast.sample.terminal.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts fates together that are alike and of lines in a row, for many end at once. */
final class FateRuns {
  private final List<Run> runs = new ArrayList<>();

  void add(Ended ended) {
    Run grown = runs.isEmpty() ? null : runs.get(runs.size() - 1).with(ended);
    if (grown != null) runs.set(runs.size() - 1, grown);
    else runs.add(Run.of(ended));
  }

  /** Returns a line for each run, and forgets them. */
  List<Line> take() {
    List<Line> lines = runs.stream().map(Run::line).toList();
    runs.clear();
    return lines;
  }

  private record Run(
      long first, long last, String words, boolean delivered, Duration least, Duration most) {

    static Run of(Ended ended) {
      return new Run(
          ended.number(),
          ended.number(),
          Fates.words(ended.fate()),
          ended.fate().delivered(),
          ended.took(),
          ended.took());
    }

    @Nullable Run with(Ended next) {
      if (next.number() != last + 1 || !Fates.words(next.fate()).equals(words)) return null;
      Duration took = next.took();
      return new Run(
          first,
          next.number(),
          words,
          delivered,
          took.compareTo(least) < 0 ? took : least,
          took.compareTo(most) > 0 ? took : most);
    }

    Line line() {
      String which = first == last ? "line " + first : "lines " + first + " to " + last;
      String from = Texts.millis(least);
      String to = Texts.millis(most);
      String after = from.equals(to) ? to : from.replace(" ms", "") + " to " + to;
      Tone tone = delivered ? Tone.PLAIN : Tone.WARNING;
      return new Line(tone, "-> FATE", which + " " + words + " after " + after);
    }
  }
}
