package io.holdfast.simulation;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;

/** Which lasting faults hold now, and how many faults of each kind have really taken effect. */
final class Conditions {
  private final Agenda agenda;
  private final Trace trace;
  private final Places places;
  private final Map<FaultKind, Holding> holdings = new EnumMap<>(FaultKind.class);

  /** The newest fault of a kind. */
  private static final class Holding {
    long untilNanos;
    long amount;
    int places;
    boolean hit;
    int hits;
  }

  Conditions(Agenda agenda, Trace trace, Places places) {
    this.places = places;
    this.agenda = agenda;
    this.trace = trace;
    for (FaultKind kind : FaultKind.values()) holdings.put(kind, new Holding());
  }

  private Holding of(FaultKind kind) {
    return requireNonNull(holdings.get(kind));
  }

  void begin(Fault fault) {
    Holding holding = of(fault.kind());
    holding.untilNanos = Math.max(holding.untilNanos, fault.atNanos() + fault.lastsNanos());
    holding.amount = fault.amount();
    holding.places = places.struckBy(fault);
    holding.hit = false;
  }

  boolean holds(FaultKind kind) {
    return of(kind).untilNanos > agenda.nowNanos();
  }

  /** Whether it holds; then it counts as having taken effect. */
  boolean strikes(FaultKind kind) {
    boolean holds = holds(kind);
    if (holds) hit(kind);
    return holds;
  }

  /** Whether it holds at a place of the server's; then it counts as having taken effect. */
  boolean strikesAt(int place, FaultKind kind) {
    return isOf(kind, place) && strikes(kind);
  }

  /** Whether the newest fault of this kind is of a place. */
  boolean isOf(FaultKind kind, int place) {
    return (of(kind).places >>> place & 1) != 0;
  }

  /** Counts the newest fault of this kind, once. */
  void hit(FaultKind kind) {
    Holding holding = of(kind);
    if (holding.hit) return;
    holding.hit = true;
    holding.hits++;
    if (trace.isOn()) trace.note("fault", kind + " takes effect");
  }

  long amount(FaultKind kind) {
    return of(kind).amount;
  }

  /** Whether it holds, or did until not long ago. */
  boolean heldWithin(FaultKind kind, long nanos) {
    long until = of(kind).untilNanos;
    return until > 0 && until + nanos > agenda.nowNanos();
  }

  void endAll() {
    for (Holding holding : holdings.values()) {
      holding.untilNanos = Math.min(holding.untilNanos, agenda.nowNanos());
    }
  }

  /** Returns how many faults of each kind took effect; a kind of which none did is left out. */
  Map<FaultKind, Integer> hits() {
    Map<FaultKind, Integer> result = new EnumMap<>(FaultKind.class);
    holdings.forEach(
        (kind, holding) -> {
          if (holding.hits > 0) result.put(kind, holding.hits);
        });
    return result;
  }
}
