package io.holdfast.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What many runs added up to. Not safe for use by several threads. */
final class Tally {
  private static final double NANOS_A_YEAR = 365.25 * 24 * 3600 * 1e9;
  private static final int SHOWN = 20;

  private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
  private final Map<String, Integer> rules = new TreeMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private long seeds;
  private double virtualNanos;
  private long connections;
  private long transports;
  private long messages;
  private long confirmed;
  private long acknowledged;
  private long speaking;
  private long recovered;

  /** A seed to which somebody objected. */
  record Violation(long seed, Throwable objection) {}

  void add(World world) {
    seeds++;
    if (world.scenario.setup().speaks()) speaking++;
    virtualNanos += world.agenda.nowNanos();
    for (Life life : world.app.lives()) {
      connections++;
      transports += life.transports.size();
      messages += life.sent.size();
      for (Sent sent : life.sent) if (sent.isConfirmed()) confirmed++;
      for (Sent sent : life.sent) if (sent.isAcknowledged()) acknowledged++;
      recovered += life.recovered;
    }
    world.conditions.hits().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
  }

  void add(Violation violation) {
    violations.add(violation);
    rules.merge(ruleOf(violation.objection()), 1, Integer::sum);
  }

  private static String ruleOf(Throwable objection) {
    return objection instanceof Objection said ? said.rule() : objection.getClass().getSimpleName();
  }

  void add(Tally other) {
    seeds += other.seeds;
    virtualNanos += other.virtualNanos;
    connections += other.connections;
    transports += other.transports;
    messages += other.messages;
    confirmed += other.confirmed;
    acknowledged += other.acknowledged;
    speaking += other.speaking;
    recovered += other.recovered;
    violations.addAll(other.violations);
    other.faults.forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
    other.rules.forEach((rule, count) -> rules.merge(rule, count, Integer::sum));
  }

  long seeds() {
    return seeds;
  }

  List<Violation> violations() {
    return violations;
  }

  Map<FaultKind, Integer> faults() {
    return faults;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    line(text, "seeds", seeds);
    line(text, "speak the protocol", speaking);
    text.append(String.format(Locale.ROOT, "%-24s%12.2f%n", "virtual years", years()));
    line(text, "connections", connections);
    line(text, "transports", transports);
    line(text, "messages", messages);
    line(text, "of them confirmed", confirmed);
    line(text, "of them acknowledged", acknowledged);
    line(text, "recovered", recovered);
    faults.forEach((kind, count) -> line(text, "  " + kind, count));
    line(text, "violations", violations.size());
    rules.forEach((rule, count) -> line(text, "  " + rule, count));
    for (int i = 0; i < Math.min(SHOWN, violations.size()); i++) {
      text.append(violations.get(i)).append(System.lineSeparator());
    }
    return text.toString();
  }

  private double years() {
    return virtualNanos / NANOS_A_YEAR;
  }

  private static void line(StringBuilder text, String name, long number) {
    text.append(String.format(Locale.ROOT, "%-24s%,12d%n", name, number));
  }
}
