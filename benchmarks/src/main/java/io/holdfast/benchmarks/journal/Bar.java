package io.holdfast.benchmarks.journal;

import static io.holdfast.benchmarks.journal.Contender.HOLDFAST;
import static io.holdfast.benchmarks.journal.Contender.SQLITE;
import static io.holdfast.benchmarks.journal.Contender.TAPE;

import java.util.List;
import java.util.Locale;

/**
 * What the journal is to reach, and what it did.
 *
 * @param atLeast whether {@code wanted} is a lower bound
 * @param format of both numbers
 */
record Bar(String what, double wanted, double reached, boolean atLeast, String format) {

  static List<Bar> all(Figures figures) {
    double syncs = figures.of(Line.SYNCS_8192, HOLDFAST);
    double recovery = figures.of(Line.RECOVERY, HOLDFAST);
    return List.of(
        times("alone, of Tape", 2.5, figures.ratio(Line.ALONE, TAPE)),
        times("alone, of SQLite", 1.5, figures.ratio(Line.ALONE, SQLITE)),
        times("64 in flight, of Tape", 50, figures.ratio(Line.IN_FLIGHT_64, TAPE)),
        times("64 in flight, of SQLite", 4, figures.ratio(Line.IN_FLIGHT_64, SQLITE)),
        new Bar("syncs a record at saturation", 0.02, syncs, false, "%.4f"),
        new Bar("100,000 records read", 200, recovery, false, "%.0f ms"));
  }

  private static Bar times(String what, double wanted, double reached) {
    return new Bar(what, wanted, reached, true, "%.1f x");
  }

  String verdict() {
    if (Double.isNaN(reached)) return "not measured";
    return (atLeast ? reached >= wanted : reached <= wanted) ? "reached" : "missed";
  }

  String row() {
    String bound = (atLeast ? ">= " : "<= ") + format;
    String cells = "| %s | " + bound + " | " + format + " | %s |";
    return String.format(Locale.ROOT, cells, what, wanted, reached, verdict());
  }
}
