package io.holdfast;

import java.util.concurrent.CompletionStage;

/** Gives each attempt its request without a thread that waits for it. */
@FunctionalInterface
public interface AsyncRequestSupplier {
  /**
   * Begins to make the request. Called once for each attempt, on an I/O thread; the attempt's
   * deadline is running, and what comes after {@link ManagedConnection.Builder#requestTimeout} is
   * ignored.
   *
   * <p>A stage that completes exceptionally, or is cancelled, is what an exception of {@link
   * RequestSupplier#get} is: the attempt fails with {@link ConnectionException.RequestFailed} and
   * is retried. If the attempt is given up first, a stage that is a {@link
   * java.util.concurrent.CompletableFuture} is cancelled, on an I/O thread.
   *
   * @return never null, and completed with no null, either of which is a mistake that ends the
   *     connection with {@link ConnectionException.RequestInvalid}
   * @throws Exception as if the stage had completed with it
   */
  CompletionStage<ConnectRequest> get(RequestContext context) throws Exception;
}
