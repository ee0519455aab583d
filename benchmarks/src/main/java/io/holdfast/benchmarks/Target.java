package io.holdfast.benchmarks;

import static io.holdfast.benchmarks.Metric.ALLOCATED_RECEIVED;
import static io.holdfast.benchmarks.Metric.ALLOCATED_SENT;
import static io.holdfast.benchmarks.Metric.RECEIVED_64;
import static io.holdfast.benchmarks.Metric.ROUND_TRIP_P50;
import static io.holdfast.benchmarks.Metric.ROUND_TRIP_P99;
import static io.holdfast.benchmarks.Metric.SENT_1K;
import static io.holdfast.benchmarks.Metric.SENT_64;
import static io.holdfast.benchmarks.Metric.SENT_64K;
import static io.holdfast.benchmarks.Metric.WRITES;
import static io.holdfast.benchmarks.subject.Subject.MANAGED;
import static io.holdfast.benchmarks.subject.Subject.OKHTTP;

import java.util.List;
import java.util.Locale;

/**
 * What the managed connection is to reach, and what it did.
 *
 * @param wanted the bound
 * @param reached what was measured; NaN if it was not
 * @param atLeast whether the bound is a lower one
 * @param unit behind the number
 */
record Target(String what, double wanted, double reached, boolean atLeast, String unit) {

  static List<Target> all(Figures figures, double maskingGigabytes, double idleKibibytes) {
    return List.of(
        atLeast("64 B sent, of OkHttp", 5, figures.ratio(SENT_64, OKHTTP)),
        atLeast("64 B sent, of the fastest peer", 1.5, figures.ofPeersMost(SENT_64)),
        atLeast("1 KiB sent, of OkHttp", 2, figures.ratio(SENT_1K, OKHTTP)),
        atLeast("64 KiB sent, of OkHttp", 1.3, figures.ratio(SENT_64K, OKHTTP)),
        atMost("round trip p50, of OkHttp", 0.5, figures.ratio(ROUND_TRIP_P50, OKHTTP), " x"),
        atMost("round trip p50, of the best peer", 1, figures.ofPeersLeast(ROUND_TRIP_P50), " x"),
        atMost("round trip p99, of OkHttp", 0.6, figures.ratio(ROUND_TRIP_P99, OKHTTP), " x"),
        atLeast("64 B received, of the best peer", 1, figures.ofPeersMost(RECEIVED_64)),
        atMost("write calls a message, 64 B", 0.02, figures.of(WRITES, MANAGED), ""),
        atMost("allocated a message sent, of OkHttp", 1, ratio(figures, ALLOCATED_SENT), " x"),
        atMost(
            "allocated a message received, of OkHttp", 1, ratio(figures, ALLOCATED_RECEIVED), " x"),
        new Target("masking", 3, maskingGigabytes, true, " GB/s"),
        atMost("heap of an idle connection", 24, idleKibibytes, " KiB"));
  }

  private static double ratio(Figures figures, Metric metric) {
    return figures.ratio(metric, OKHTTP);
  }

  private static Target atLeast(String what, double wanted, double reached) {
    return new Target(what, wanted, reached, true, " x");
  }

  private static Target atMost(String what, double wanted, double reached, String unit) {
    return new Target(what, wanted, reached, false, unit);
  }

  String verdict() {
    if (Double.isNaN(reached)) return "not measured";
    return (atLeast ? reached >= wanted : reached <= wanted) ? "reached" : "missed";
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s %s%s | %s%s | %s |",
        what,
        atLeast ? ">=" : "<=",
        number(wanted),
        unit,
        number(reached),
        unit,
        verdict());
  }

  private static String number(double value) {
    if (Double.isNaN(value)) return "-";
    return String.format(Locale.ROOT, value < 0.1 ? "%.4f" : "%.2f", value);
  }
}
