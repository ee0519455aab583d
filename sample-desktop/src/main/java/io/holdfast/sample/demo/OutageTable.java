package io.holdfast.sample.demo;

import static java.util.stream.Collectors.joining;

import io.holdfast.sample.demo.OutageLog.Outage;
import io.holdfast.sample.terminal.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The outages of a show as lines of text. */
final class OutageTable {
  private static final int MOST_ROWS = 40;
  private static final int CAUSE_WIDTH = 30;

  private OutageTable() {}

  static List<String> lines(OutageLog log) {
    List<Outage> outages = log.outages();
    if (outages.isEmpty()) return List.of("There was no outage.");
    List<String> lines = new ArrayList<>();
    lines.add("Outages (detected since the fault began, reconnected since the loss):");
    lines.add(row("fault", "cause", "detected", "reconnected", "attempts", "sent again"));
    outages.stream().limit(MOST_ROWS).map(OutageTable::row).forEach(lines::add);
    int more = outages.size() - MOST_ROWS;
    if (more > 0) lines.add("and " + more + " more");
    String harmless =
        log.harmless().stream().distinct().map(kind -> kind.words).collect(joining(", "));
    if (!harmless.isEmpty()) lines.add("No transport was lost to: " + harmless + ".");
    return lines;
  }

  private static String row(Outage outage) {
    return row(
        outage.fault() == null ? "-" : outage.fault().words,
        Texts.printable(outage.cause(), CAUSE_WIDTH),
        millis(outage.detectedAfter()),
        millis(outage.openAgainAfter()),
        Integer.toString(outage.attempts()),
        Integer.toString(outage.sentAgain()));
  }

  private static String millis(@Nullable Duration duration) {
    return duration == null ? "-" : duration.toMillis() + " ms";
  }

  private static String row(
      String fault, String cause, String detected, String open, String attempts, String again) {
    return String.format(
        Locale.ROOT,
        "%-26s %-" + CAUSE_WIDTH + "s %8s %11s %8s %10s",
        fault,
        cause,
        detected,
        open,
        attempts,
        again);
  }
}
