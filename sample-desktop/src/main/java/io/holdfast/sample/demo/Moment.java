package io.holdfast.sample.demo;

import io.holdfast.QueueSnapshot;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a display shows of a show at one moment.
 *
 * @param elapsed since the show began
 * @param roundTrips the newest, oldest first
 * @param fault what is broken; null if nothing is
 * @param sent messages that the show gave to the connection
 * @param delivered those of them that ended well
 * @param received messages that the slow consumer has taken
 */
record Moment(
    Duration elapsed,
    Standing standing,
    List<Duration> roundTrips,
    QueueSnapshot queue,
    FaultScript.@Nullable Scene fault,
    long sent,
    long delivered,
    long received) {

  /** The newest round trip; zero if there was none. */
  Duration roundTrip() {
    return roundTrips.isEmpty() ? Duration.ZERO : roundTrips.get(roundTrips.size() - 1);
  }
}
