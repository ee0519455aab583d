package io.holdfast;

/** Gives each attempt its request: the next endpoint, a fresh token, changed headers. */
@FunctionalInterface
public interface RequestSupplier {
  /**
   * Returns what to connect to. Called once for each attempt, on an I/O thread, where it may block;
   * the attempt's deadline is running.
   *
   * @param attempt counted from 1 in each outage
   * @throws Exception if there is none just now; the attempt fails with {@link
   *     ConnectionException.RequestFailed} and is retried
   */
  ConnectRequest get(int attempt) throws Exception;
}
