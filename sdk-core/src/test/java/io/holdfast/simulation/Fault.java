package io.holdfast.simulation;

import java.util.Locale;

/**
 * Something that the network, the server or the operating system does to us.
 *
 * @param lastsNanos zero for what happens in a moment
 * @param amount what the kind says
 */
record Fault(FaultKind kind, long atNanos, long lastsNanos, long amount) implements Step {
  @Override
  public void happen(World world) {
    world.conditions.begin(this);
    kind.begin(world, this);
    if (lastsNanos > 0) world.agenda.after(lastsNanos, world::conditionsChanged);
  }

  @Override
  public String toString() {
    double at = atNanos / 1e9;
    double lasts = lastsNanos / 1e9;
    return String.format(Locale.ROOT, "%10.3f s  %s(%d) for %.3f s", at, kind, amount, lasts);
  }
}
