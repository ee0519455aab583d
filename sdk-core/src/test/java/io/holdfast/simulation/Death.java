package io.holdfast.simulation;

/** What the peer sees of a process that is gone. */
enum Death {
  /** The kernel resets. */
  RESET,
  /** The kernel sends what it has, and ends the stream. */
  FINISHED,
  /** Nothing. */
  SILENT
}
