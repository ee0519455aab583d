package io.holdfast.testkit;

/** Which way bytes go through a {@link FaultProxy}. */
public enum Direction {
  /** From whoever connected to the proxy to its upstream port. */
  TO_SERVER,
  /** From the upstream port back to whoever connected. */
  TO_CLIENT
}
