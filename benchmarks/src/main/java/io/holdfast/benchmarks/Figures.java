package io.holdfast.benchmarks;

import io.holdfast.benchmarks.subject.Subject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** What was measured, round by round. A figure is the median of its rounds. */
final class Figures {
  private final Map<Metric, Map<Subject, List<Double>>> rounds = new EnumMap<>(Metric.class);

  void add(Metric metric, Subject subject, double value) {
    rounds
        .computeIfAbsent(metric, unknown -> new EnumMap<>(Subject.class))
        .computeIfAbsent(subject, unknown -> new ArrayList<>())
        .add(value);
  }

  /** Returns the figure, or NaN if it was not measured. */
  double of(Metric metric, Subject subject) {
    double[] sorted =
        rounds.getOrDefault(metric, Map.of()).getOrDefault(subject, List.of()).stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    if (sorted.length == 0) return Double.NaN;
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Returns how many times the figure of {@code other} that of the managed connection is. */
  double ratio(Metric metric, Subject other) {
    return of(metric, Subject.MANAGED) / of(metric, other);
  }

  double ofPeersMost(Metric metric) {
    return of(metric, Subject.MANAGED) / peers(metric).max().orElse(Double.NaN);
  }

  double ofPeersLeast(Metric metric) {
    return of(metric, Subject.MANAGED) / peers(metric).min().orElse(Double.NaN);
  }

  private DoubleStream peers(Metric metric) {
    return Stream.of(Subject.values())
        .filter(Subject::isPeer)
        .mapToDouble(peer -> of(metric, peer))
        .filter(figure -> !Double.isNaN(figure));
  }
}
