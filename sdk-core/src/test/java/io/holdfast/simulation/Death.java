package io.holdfast.simulation;

import java.util.List;

/** What the peer sees of a process that is gone. */
enum Death {
  /** The kernel resets. */
  RESET,
  /** The kernel sends what it has, and ends the stream. */
  FINISHED,
  /** Nothing. */
  SILENT;

  private static final List<Death> ALL = List.of(values());

  /** Returns the one of that amount, from 0. */
  static Death of(long amount) {
    return ALL.get((int) amount);
  }
}
