package io.holdfast.sample.watch;

import io.holdfast.ConnectionEvent;
import io.holdfast.ConnectionEvent.AttemptFailed;
import io.holdfast.ConnectionEvent.RoundTripMeasured;
import io.holdfast.ConnectionEvent.TransportLost;
import io.holdfast.ConnectionEvent.TransportOpened;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.OutageTooLong;
import io.holdfast.ConnectionState;
import io.holdfast.ConnectionState.Closed;
import io.holdfast.ConnectionState.Open;
import org.jspecify.annotations.Nullable;

/**
 * What a connection's states and events come to. The connection's callback thread writes it; others
 * read it after they were told of {@link Closed}.
 */
final class Story {
  private long opened;
  private @Nullable ConnectionException failure;
  private RoundTrips roundTrips = RoundTrips.NONE;

  void state(ConnectionState state) {
    if (state instanceof Open) failure = null;
    if (state instanceof Closed closed && closed.cause() != null) failure = reason(closed.cause());
  }

  // What an outage that took too long was made of says more than that it took too long.
  private static ConnectionException reason(ConnectionException cause) {
    boolean gaveUp = cause instanceof OutageTooLong;
    return gaveUp && cause.getCause() instanceof ConnectionException last ? last : cause;
  }

  void event(ConnectionEvent event) {
    if (event instanceof TransportOpened) opened++;
    if (event instanceof AttemptFailed failed) failure = failed.cause();
    if (event instanceof TransportLost lost) failure = lost.cause();
    if (event instanceof RoundTripMeasured measured) {
      roundTrips = roundTrips.with(measured.roundTrip());
    }
  }

  boolean everOpened() {
    return opened > 0;
  }

  long reconnects() {
    return Math.max(0, opened - 1);
  }

  /** The last failure; null if there was none since the connection opened. */
  @Nullable ConnectionException failure() {
    return failure;
  }

  RoundTrips roundTrips() {
    return roundTrips;
  }
}
