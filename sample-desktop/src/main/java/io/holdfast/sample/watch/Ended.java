package io.holdfast.sample.watch;

import io.holdfast.Fate;
import java.time.Duration;

/**
 * How a message ended.
 *
 * @param number its line's
 * @param bytes of payload
 * @param took from send to here
 */
record Ended(long number, int bytes, Fate fate, Duration took) {}
