package io.holdfast.benchmarks;

import io.holdfast.benchmarks.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** The results as Markdown. */
final class Report {
  private final Figures figures;
  private final double maskingGigabytes;
  private final double okHttpMaskingGigabytes;
  private final Properties idle;

  /**
   * Makes one.
   *
   * @param idle what {@link IdleConnections} told; empty if it did not run
   */
  Report(Figures figures, double maskingGigabytes, double okHttpMaskingGigabytes, Properties idle) {
    this.figures = figures;
    this.maskingGigabytes = maskingGigabytes;
    this.okHttpMaskingGigabytes = okHttpMaskingGigabytes;
    this.idle = idle;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(machine());
    lines.add("");
    comparison(lines);
    lines.add("");
    lines.add("| the managed connection | to reach | measured | |");
    lines.add("|---|---:|---:|---|");
    Target.all(figures, maskingGigabytes, idleKibibytes()).forEach(each -> lines.add(each.row()));
    lines.add("");
    if (!Double.isNaN(maskingGigabytes)) lines.add(masking());
    if (!idle.isEmpty()) lines.add(idle());
    return lines;
  }

  private static String machine() {
    return String.format(
        Locale.ROOT,
        "%d cores, %s %s, Java %s (%s); loopback, one connection, the server in a process beside",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        System.getProperty("java.version"),
        System.getProperty("java.vm.name"));
  }

  private void comparison(List<String> lines) {
    StringBuilder head = new StringBuilder("| |");
    StringBuilder rule = new StringBuilder("|---|");
    for (Subject subject : Subject.values()) {
      head.append(' ').append(subject.label()).append(" |");
      rule.append("---:|");
    }
    lines.add(head.toString());
    lines.add(rule.toString());
    for (Metric metric : Metric.values()) lines.add(row(metric));
  }

  private String row(Metric metric) {
    StringBuilder row = new StringBuilder("| ").append(metric.label()).append(" |");
    for (Subject subject : Subject.values()) {
      double figure = figures.of(metric, subject);
      String cell =
          Double.isNaN(figure) ? "-" : String.format(Locale.ROOT, metric.format(), figure);
      row.append(' ').append(cell).append(" |");
    }
    return row.toString();
  }

  private String masking() {
    return String.format(
        Locale.ROOT,
        "Masking, 64 KiB at a time: %.1f GB/s with framing and copying; OkHttp's loop %.1f GB/s.",
        maskingGigabytes,
        okHttpMaskingGigabytes);
  }

  private double idleKibibytes() {
    String bytes = idle.getProperty(IdleConnections.HEAP_BYTES);
    return bytes == null ? Double.NaN : Double.parseDouble(bytes) / 1024;
  }

  private String idle() {
    return String.format(
        Locale.ROOT,
        "Idle: %s connections on %s threads (Java %s), %.1f KiB of heap each; platform threads"
            + " %s with one connection and %s with all, %s of them timers; all echoed in %s ms.",
        idle.getProperty(IdleConnections.CONNECTIONS),
        idle.getProperty(IdleConnections.KIND),
        idle.getProperty(IdleConnections.JAVA),
        idleKibibytes(),
        idle.getProperty(IdleConnections.THREADS_OF_ONE),
        idle.getProperty(IdleConnections.THREADS),
        idle.getProperty(IdleConnections.TIMER_THREADS),
        idle.getProperty(IdleConnections.ECHO_MILLIS));
  }
}
