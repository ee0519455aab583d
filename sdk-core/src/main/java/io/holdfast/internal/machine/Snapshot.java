package io.holdfast.internal.machine;

/**
 * The time, and what is known of the current transport at that time; the machine reads nothing
 * else.
 *
 * @param nowNanos of the connection's clock
 * @param lastByteAtNanos when something last proved that the peer was alive
 * @param messageLastsNanos for how long a message has been coming that is not whole; zero for none
 * @param readerPaused whether the app's consumer holds the reader up
 * @param writing whether a write is under way
 * @param writeProgressAtNanos when it began or last progressed
 */
public record Snapshot(
    long nowNanos,
    long lastByteAtNanos,
    long messageLastsNanos,
    boolean readerPaused,
    boolean writing,
    long writeProgressAtNanos) {}
