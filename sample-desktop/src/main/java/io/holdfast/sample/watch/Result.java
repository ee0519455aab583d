package io.holdfast.sample.watch;

/**
 * A watch in numbers.
 *
 * @param lines of the input that were taken
 * @param delivered messages that ended well
 * @param received messages from the server
 * @param reconnects how often the connection opened again
 */
record Result(
    Ending ending,
    Outcome outcome,
    long lines,
    long delivered,
    long received,
    long reconnects,
    RoundTrips roundTrips) {

  /** Lines that did not arrive, as far as we know. */
  long undelivered() {
    return lines - delivered;
  }
}
