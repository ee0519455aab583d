package io.holdfast;

import java.time.Duration;

/**
 * The outbox at one moment.
 *
 * @param queued messages not handed to a transport, those that wait to be sent again included
 * @param inFlight messages handed to a transport whose fate is not known
 * @param bytes payload of both
 * @param oldestAge how long ago the oldest of both was accepted; zero if there is none
 */
public record QueueSnapshot(int queued, int inFlight, long bytes, Duration oldestAge) {

  /** No messages. */
  public static final QueueSnapshot EMPTY = new QueueSnapshot(0, 0, 0, Duration.ZERO);
}
