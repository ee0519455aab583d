package io.holdfast;

/** Overrides what a failure means for the next attempt. */
@FunctionalInterface
public interface FailureClassifier {
  /**
   * Returns {@code proposed}, or something else: for a close code of the app's own, say, or a delay
   * that a close reason names.
   *
   * <p>Called for each failure of an attempt and each loss of a transport, but for a lost network
   * and {@link ManagedConnection#suspend}, which wait for their opposite. Called on an I/O thread,
   * one call at a time, and the connection stands still meanwhile: it must not block. If it throws
   * or returns null, what was proposed holds, and a warning is logged.
   *
   * @param cause what happened, with the facts in fields
   * @param proposed what would be done, what the server asked for included
   */
  Classification classify(ConnectionException cause, Classification proposed);
}
