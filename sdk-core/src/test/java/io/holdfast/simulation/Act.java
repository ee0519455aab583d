package io.holdfast.simulation;

import java.util.Locale;

/**
 * Something that the app does.
 *
 * @param amount what the kind says
 * @param seed of whatever else it draws
 */
record Act(ActKind kind, long atNanos, long amount, long seed) implements Step {
  @Override
  public void happen(World world) {
    // Who is dead does nothing.
    if (!world.app.now().dead) kind.act(world.app, this);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%10.3f s  app: %s(%d)", atNanos / 1e9, kind, amount);
  }
}
