package io.holdfast.benchmarks;

import io.holdfast.benchmarks.subject.Connection;

/**
 * Messages sent as fast as a subject takes them, until the server has counted the last. No more
 * than a window is ever sent and not counted, for the subjects' own bounds differ: some block, some
 * refuse, some have none.
 *
 * @param bytes of each message
 * @param messages of the burst
 * @param window at most so many are under way; well below every subject's own bound
 */
record Burst(int bytes, int messages, int window) {
  /** The burst for messages of {@code bytes}: a window of 1 to 4 MiB. */
  static Burst of(int bytes) {
    return switch (bytes) {
      case 64 -> new Burst(bytes, 65_536, 16_384);
      case 1024 -> new Burst(bytes, 16_384, 4096);
      case 65_536 -> new Burst(bytes, 1024, 64);
      default -> throw new IllegalArgumentException("bytes must be 64, 1024 or 65536: " + bytes);
    };
  }

  /** The server tells each time that it has counted so many. */
  int every() {
    return window / 16;
  }

  String path() {
    return "/count?messages=" + every();
  }

  /** Sends all; {@code told} counts what the server tells. */
  void run(Connection connection, Tally told, byte[] payload) throws Exception {
    long before = told.count();
    for (int sent = 0; sent < messages; sent++) {
      if (sent >= window && sent % every() == 0) told.await(before + (sent - window) / every() + 1);
      connection.send(payload);
    }
    told.await(before + messages / every());
  }
}
