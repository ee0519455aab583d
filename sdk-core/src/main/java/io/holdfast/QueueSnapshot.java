package io.holdfast;

/**
 * The outbox at one moment.
 *
 * @param queued messages not handed to a transport, those that wait to be sent again included
 * @param inFlight messages handed to a transport whose fate is not known
 * @param bytes payload of both
 */
public record QueueSnapshot(int queued, int inFlight, long bytes) {}
