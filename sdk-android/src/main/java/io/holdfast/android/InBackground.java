package io.holdfast.android;

import io.holdfast.ManagedConnection;

/** What a connection does while none of the app's activities is shown. */
public enum InBackground {
  /**
   * It stays, with the background heartbeat ({@link ManagedConnection#enterBackground}), as long as
   * Android lets the process live.
   */
  QUIET,

  /**
   * It gives its transport up ({@link ManagedConnection#suspend}) and costs nothing. Messages wait
   * until the app is shown again.
   */
  SUSPENDED,

  /**
   * It stays, with the background heartbeat, until every message has its fate, and is then
   * suspended. It looks once a second, while the device is awake. A foreground service keeps the
   * process for so long; a message that is accepted later waits until the app is shown again.
   */
  SUSPENDED_ONCE_DELIVERED
}
