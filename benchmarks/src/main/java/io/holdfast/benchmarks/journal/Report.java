package io.holdfast.benchmarks.journal;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as Markdown. */
final class Report {
  private final Figures figures;
  private final Path directory;

  Report(Figures figures, Path directory) {
    this.figures = figures;
    this.directory = directory;
  }

  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(machine());
    lines.add("");
    StringBuilder head = new StringBuilder("| |");
    StringBuilder rule = new StringBuilder("|---|");
    for (Contender contender : Contender.values()) {
      head.append(' ').append(contender.label()).append(" |");
      rule.append("---:|");
    }
    lines.add(head.toString());
    lines.add(rule.toString());
    for (Line line : Line.values()) lines.add(row(line));
    lines.add("");
    lines.add("| the journal | to reach | measured | |");
    lines.add("|---|---:|---:|---|");
    for (Bar bar : Bar.all(figures)) lines.add(bar.row());
    return lines;
  }

  private String machine() throws IOException {
    FileStore store = Files.getFileStore(directory);
    return String.format(
        Locale.ROOT,
        "%d cores, %s %s, Java %s; records of %d bytes, on %s (%s); in brackets what Holdfast is"
            + " to it",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        System.getProperty("java.version"),
        Keeper.RECORD_BYTES,
        store.type(),
        store.name());
  }

  private String row(Line line) {
    StringBuilder row = new StringBuilder("| ").append(line.label()).append(" |");
    for (Contender contender : Contender.values()) {
      double figure = figures.of(line, contender);
      row.append(' ');
      if (Double.isNaN(figure)) row.append('-');
      else row.append(String.format(Locale.ROOT, line.format(), figure));
      double ratio = figures.ratio(line, contender);
      boolean compared = contender != Contender.HOLDFAST && !Double.isNaN(ratio);
      if (compared) row.append(String.format(Locale.ROOT, " (%.1f x)", ratio));
      row.append(" |");
    }
    return row.toString();
  }
}
