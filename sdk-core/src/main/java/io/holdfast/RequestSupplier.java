package io.holdfast;

/** Gives each attempt its request: a fresh token, changed headers, another endpoint. */
@FunctionalInterface
public interface RequestSupplier {
  /**
   * Returns what to connect to. Called once for each attempt, on an I/O thread, where it may block;
   * the attempt's deadline is running, and what comes after {@link
   * ManagedConnection.Builder#requestTimeout} is ignored.
   *
   * @return never null, which is a mistake that ends the connection with {@link
   *     ConnectionException.RequestInvalid}
   * @throws Exception if there is none just now; the attempt fails with {@link
   *     ConnectionException.RequestFailed} and is retried
   */
  ConnectRequest get(RequestContext context) throws Exception;
}
