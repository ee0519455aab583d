package io.holdfast;

/** Overrides what a failure means for the next attempt. */
@FunctionalInterface
public interface FailureClassifier {
  /**
   * Returns {@code proposed}, or something else: for a close code of the app's own, say, or a delay
   * that a close reason names.
   *
   * <p>Called for each failure of an attempt and each loss of a transport, but for
   *
   * <ul>
   *   <li>a lost network and {@link ManagedConnection#suspend}, which wait for their opposite;
   *   <li>an attempt that begins anew because the network changed or the device slept ({@link
   *       ConnectionException.NetworkChanged}, {@link ConnectionException.DeviceSlept}), and a
   *       transport whose place another has taken ({@link ConnectionException.Replaced}), which
   *       need none;
   *   <li>the failure of a second transport, while the first is in use;
   *   <li>{@link ConnectionException.OutageTooLong}, which is final.
   * </ul>
   *
   * <p>Called for a peer's wish as well that the transport be drained ({@link
   * ConnectionException.ReconnectAsked} with {@link ReconnectHint#drain}), although nothing has
   * failed: what is fatal then ends a healthy connection.
   *
   * <p>Called on an I/O thread, one call at a time, and the connection stands still meanwhile: it
   * must not block. If it throws or returns null, what was proposed holds, and a warning is logged.
   *
   * @param cause what happened, with the facts in fields
   * @param proposed what would be done, what the server asked for included
   */
  Classification classify(ConnectionException cause, Classification proposed);
}
