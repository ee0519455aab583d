package io.holdfast.transport;

import io.holdfast.Clock;
import java.util.concurrent.Executor;

/** Makes the transports of a connection, one for each attempt. */
@FunctionalInterface
public interface TransportFactory {
  /**
   * Returns a new transport. Does no I/O and does not block.
   *
   * @param io for tasks that block, one thread for each
   * @param clock the connection's time
   */
  Transport newTransport(Executor io, Clock clock);
}
