package io.holdfast.benchmarks.journal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was measured, round by round. A figure is the median of its rounds. */
final class Figures {
  private final Map<Line, Map<Contender, List<Double>>> rounds = new EnumMap<>(Line.class);

  void add(Line line, Contender contender, double value) {
    rounds
        .computeIfAbsent(line, unknown -> new EnumMap<>(Contender.class))
        .computeIfAbsent(contender, unknown -> new ArrayList<>())
        .add(value);
  }

  /** Returns the figure, or NaN if it was not measured. */
  double of(Line line, Contender contender) {
    double[] sorted =
        rounds.getOrDefault(line, Map.of()).getOrDefault(contender, List.of()).stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    if (sorted.length == 0) return Double.NaN;
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Returns how many times the figure of {@code other} the journal's is. */
  double ratio(Line line, Contender other) {
    return of(line, Contender.HOLDFAST) / of(line, other);
  }
}
