package io.holdfast.sample.demo;

/**
 * How the show went.
 *
 * @param accepted messages that {@code send} took, by the SDK's word
 * @param delivered different ones that arrived, by the server's ledger
 * @param duplicates arrivals beyond the first, by the ledger
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
