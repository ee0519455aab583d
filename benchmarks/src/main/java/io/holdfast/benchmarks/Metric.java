package io.holdfast.benchmarks;

/** What is measured of each subject. */
enum Metric {
  SENT_64("sent, 64 B, messages/s", "%,.0f"),
  SENT_1K("sent, 1 KiB, messages/s", "%,.0f"),
  SENT_64K("sent, 64 KiB, messages/s", "%,.0f"),
  ROUND_TRIP_P50("round trip, 64 B, p50, µs", "%.1f"),
  ROUND_TRIP_P99("round trip, 64 B, p99, µs", "%.1f"),
  RECEIVED_64("received, 64 B, messages/s", "%,.0f"),
  WRITES("write calls a message, 64 B", "%.4f"),
  ALLOCATED_SENT("allocated a message sent, B", "%.0f"),
  ALLOCATED_RECEIVED("allocated a message received, B", "%.0f");

  private final String label;
  private final String format;

  Metric(String label, String format) {
    this.label = label;
    this.format = format;
  }

  String label() {
    return label;
  }

  String format() {
    return format;
  }
}
