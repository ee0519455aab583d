package io.holdfast;

/**
 * How many more messages a {@link MessageListener} is ready for. It starts at none. Safe from any
 * thread, the listener's own calls included.
 */
public interface MessageDemand {
  /** No limit, when given to {@link #request}. */
  long UNBOUNDED = Long.MAX_VALUE;

  /**
   * Asks for {@code count} more messages; sums saturate at {@link #UNBOUNDED}.
   *
   * @throws IllegalArgumentException if {@code count} is zero or negative
   */
  void request(long count);

  /**
   * Ends the listener's calls; one that is under way may still finish. Messages that nobody
   * receives are dropped, as in a browser without {@code onmessage}.
   */
  void cancel();
}
