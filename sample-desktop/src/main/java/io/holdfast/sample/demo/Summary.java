package io.holdfast.sample.demo;

/**
 * How the show went.
 *
 * @param accepted messages that {@code send} took
 * @param delivered different ones that the server's application had, by its ledger
 * @param duplicates those that it had more than once, by the ledger
 * @param reconnects how often the connection opened again
 * @param orderKept whether they arrived in the order of sending, by the ledger
 */
record Summary(long accepted, long delivered, long duplicates, int reconnects, boolean orderKept) {

  long lost() {
    return accepted - delivered;
  }

  int exitStatus() {
    return lost() == 0 && orderKept ? 0 : 1;
  }

  /** The show's last line. */
  String line() {
    return "accepted=%d delivered=%d lost=%d duplicates=%d reconnects=%d"
        .formatted(accepted, delivered, lost(), duplicates, reconnects);
  }
}
