package io.holdfast.simulation;

import java.util.Locale;

/** What happened, line by line, in the world's time; off unless someone reads it. */
final class Trace {
  private final Agenda agenda;
  private final boolean on;
  private final StringBuilder lines = new StringBuilder();

  Trace(Agenda agenda, boolean on) {
    this.agenda = agenda;
    this.on = on;
  }

  /** Whether a line would be kept, so that nobody makes one for nothing. */
  boolean isOn() {
    return on;
  }

  void note(String who, String what) {
    if (!on) return;
    double seconds = agenda.nowNanos() / 1e9;
    lines.append(String.format(Locale.ROOT, "%14.6f  %-9s  %s%n", seconds, who, what));
  }

  String text() {
    return lines.toString();
  }
}
